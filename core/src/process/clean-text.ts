/** What stands for what is left out. */
const LEFT_OUT = '…'

/**
 * Makes what takes out of a text what a plugin must not learn: places on the machine, and passwords in addresses.
 * @param folders - absolute paths that are places of the machine, with all below them
 */
export function cleanText(folders: readonly string[]): (text: string) => string {
  const places = [...new Set(folders)].filter((folder) => folder.length > 1).toSorted((a, b) => b.length - a.length).map((folder) => folder.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
  const anywhere = new RegExp(`(?:file://)?(?:${[...places, '/(?:home|root|Users|var|usr|opt|srv|etc|tmp|proc|mnt|data)(?=/)'].join('|')})(?:/[^\\s'"\`:;,)]*)?`, 'g')
  return (text) => text.replaceAll(anywhere, LEFT_OUT).replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, `$1${LEFT_OUT}@`)
}
