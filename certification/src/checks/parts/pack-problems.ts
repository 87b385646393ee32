/** What a problem of packing is about, so that the check of that matter tells it and no other. Pure. */
export function topicOf(problem: string): 'messages' | 'archive' | 'manifest' {
  if (/\bmessages\.(fr|en)\b|is used as .* but (is no message|needs values)/.test(problem)) return 'messages'
  if (/native code|no plain file|a package of its own/.test(problem)) return 'archive'
  return 'manifest'
}
