// How a script calls pnpm: the one that runs this script, or the one of the README when called without it.

/** The command and its first arguments. */
export const pnpm: readonly [string, ...string[]] = /pnpm[^/\\]*\.c?js$/.test(process.env['npm_execpath'] ?? '')
  ? [process.execPath, process.env['npm_execpath'] ?? '']
  : ['npx', '-y', 'pnpm@10']
