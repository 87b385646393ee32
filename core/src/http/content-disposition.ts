/**
 * `Content-Disposition` with a file name that every client reads (RFC 6266, RFC 8187): plain ASCII for old ones, UTF-8 for the rest.
 * @param name - as a person gave it: untrusted
 */
export function contentDisposition(disposition: 'inline' | 'attachment', name: string): string {
  // No folder, no control character, and no invisible sign that makes "exe.pdf" of "fdp.exe".
  const safe = name.toWellFormed().replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '').split(/[/\\]/).at(-1)?.trim().slice(0, 255) || 'fichier'
  const ascii = safe.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '').replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\%]/g, '_')
  const plain = `${disposition}; filename="${ascii}"`
  return ascii === safe ? plain : `${plain}; filename*=UTF-8''${encodeURIComponent(safe).replaceAll(/['()*!]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
