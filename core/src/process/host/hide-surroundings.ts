/**
 * Takes away what tells a plugin where the program around it lies: how the process was started, and the program's own frames in stack traces. Errors of the plugin keep
 * theirs, and a plugin may still shape traces as it likes (`Error.prepareStackTrace`).
 * @param programs - addresses (`file:`) of what runs around it
 */
export function hideSurroundings(programs: readonly string[]): void {
  const hidden = new Set([...programs, ...programs.map((address) => decodeURI(address.replace(/^file:\/\//, '')))])
  process.argv = []
  process.execArgv = []
  // Where Node lies `argv0` says besides, which nobody can change.
  process.execPath = ''
  process.title = 'plugin'
  let own: unknown
  const shaped = (error: Error, sites: readonly NodeJS.CallSite[]): unknown => {
    const shown = sites.filter((site) => !hidden.has(site.getFileName() ?? ''))
    return typeof own === 'function' ? (own as (error: Error, sites: readonly NodeJS.CallSite[]) => unknown).call(Error, error, shown) : [headline(error), ...shown.map((site) => `    at ${(site as { toString(): string }).toString()}`)].join('\n')
  }
  Object.defineProperty(Error, 'prepareStackTrace', {
    get: () => shaped,
    // Whoever puts back what was there before puts back nothing of its own.
    set: (value: unknown) => { own = value === shaped ? undefined : value },
    configurable: false, enumerable: false,
  })
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return 'Error'
  }
}
