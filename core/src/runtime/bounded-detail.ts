/** Longest detail of a line, as JSON, in characters: lines are counted elsewhere, and this bounds what each may bring. */
const LONGEST_DETAIL = 16 * 1024

/**
 * A detail, or of one that is too long what stands first in it, under its own names: by those the log knows what to blank. What has no JSON is left to the
 * log, which says so.
 */
export function boundedDetail(detail: unknown): unknown {
  const length = lengthOf(detail)
  if (length <= LONGEST_DETAIL) return detail
  const kept: (readonly [string, unknown])[] = []
  let room = LONGEST_DETAIL
  for (const [name, value] of typeof detail === 'object' && detail !== null ? Object.entries(detail) : [['text', detail] as const]) {
    const needed = name.length + lengthOf(value)
    if (needed <= room) kept.push([name, value])
    else if (typeof value === 'string' && name.length < room) kept.push([name, `${value.slice(0, room - name.length)}…`])
    room -= needed
    if (room <= 0) break
  }
  return Object.fromEntries([...kept, ['…', `more than is kept: it has ${length} characters`]])
}

/** Characters of something as JSON; 0 where it has none. */
function lengthOf(value: unknown): number {
  try {
    return (JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) as string | undefined)?.length ?? 0
  } catch {
    return 0
  }
}
