/** Longest path within an archive, in UTF-8 bytes. */
const LONGEST_PATH = 200

/** Names that lead to devices on Windows, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * Why a path within an archive is not taken, or `undefined` when it is plain: relative, downward, the same on every file system. Pure.
 * @param path - as the archive has it, without its top folder
 */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'has no name'
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/.test(path)) return 'has a character that cannot be seen in its name'
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'leads to a fixed place outside'
  if (/[\\:*?"<>|]/.test(path)) return 'has a character in its name that not every system can store'
  if (Buffer.byteLength(path) > LONGEST_PATH) return `has a path longer than ${LONGEST_PATH} bytes`
  for (const part of path.split('/')) {
    if (part === '..') return 'leads out of the archive'
    if (part === '' || part === '.') return 'has a path that can be written in another way'
    if (/[. ]$/.test(part) || part.startsWith(' ')) return 'has a name that ends or begins with a dot or space where systems differ'
    if (DEVICE.test(part)) return 'has the name of a device'
  }
  return undefined
}

/** Two paths that are the same file on a file system that ignores case, or writes accents in another way, have the same key. */
export function pathKey(path: string): string {
  return path.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()
}
