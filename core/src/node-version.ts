/** Versions of Node.js that the platform runs on, as in `engines` of its package: the first that knows each flag of a plugin's process, and the long-lived ones after it. */
export const NODE_VERSIONS = '^22.14 || >=24'

/** Why this version of Node.js will not do: `undefined` where it does. It asks for nothing that an old one might lack. */
export function unsupportedNode(version: string = process.versions.node): { readonly message: string; readonly fix: string } | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major >= 24 || (major === 22 && minor >= 14)) return undefined
  return { message: `Node.js ${version} cannot run this platform.`, fix: 'Use Node.js 22.14 or a later 22, 24, or later.' }
}

/**
 * Ends the program with one line where this version of Node.js will not do. To be called before anything else is imported: what an old version cannot even
 * read would end it with a riddle otherwise.
 *
 * @param exit - its exit code then: that of a failure. @defaultValue 1
 */
export function requireNode(program: string, exit = 1): void {
  const wrong = unsupportedNode()
  if (wrong === undefined) return
  const text = process.argv.includes('--json') ? JSON.stringify({ error: { code: 'NODE_UNSUPPORTED', ...wrong } }, null, 2) : `${program}: ${wrong.message}\n  ${wrong.fix} (NODE_UNSUPPORTED)`
  process.stderr.write(`${text}\n`)
  process.exit(exit)
}
