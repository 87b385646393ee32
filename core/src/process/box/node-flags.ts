/** Share of the memory that the heap may take; the rest is for buffers, code, stacks and Node itself. */
const HEAP_SHARE = 0.6
/** Smallest heap Node starts with, in MiB. */
const SMALLEST_HEAP_MB = 24
/** Part of the memory that one half of the young generation may take. */
const YOUNG_PART = 1 / 16
/** V8's own default for half of the young generation, in MiB. */
const LARGEST_YOUNG_MB = 16

/** What Node can refuse by itself differs by version: `--permission` covers the network from 25 on. */
export const NETWORK_SINCE = 25

/**
 * Flags under which a child runs. Each was tried on Node 22.14, 22.23, 24.0, 24.21 and 26, and costs nothing measurable at start or per message.
 *
 * Left out: `--jitless` (2 to 10 times slower), `--frozen-intrinsics` (experimental; classes that override a built-in's property by assignment break),
 * `--single-threaded` (garbage is collected while the plugin waits).
 */
export function nodeFlags({ memoryMb, readable, guard }: { readonly memoryMb: number; readonly readable: readonly string[]; readonly guard: string }): readonly string[] {
  const heapMb = Math.max(SMALLEST_HEAP_MB, Math.floor(memoryMb * HEAP_SHARE))
  const youngMb = Math.min(LARGEST_YOUNG_MB, Math.max(1, Math.floor(memoryMb * YOUNG_PART)))
  return [
    // Grants are by name; whatever has none (network, writing, children, workers, addons, WASI, FFI, inspector) is refused.
    '--permission',
    ...[...readable, guard].map((path) => `--allow-fs-read=${path}`),
    // node:sqlite opens, attaches and writes any file, whatever the permissions say.
    '--no-experimental-sqlite',
    '--no-addons',
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    // No debugger by SIGUSR1 from a neighbour of the same user.
    '--disable-sigusr1',
    // Trace flags of V8 would write files; setting any flag now ends the process.
    '--freeze-flags-after-init',
    '--no-global-search-paths',
    // Its name until Node 24.
    process.allowedNodeEnvironmentFlags.has('--strip-types') ? '--no-strip-types' : '--no-experimental-strip-types',
    '--disable-warning=ExperimentalWarning',
    `--max-old-space-size=${heapMb}`,
    `--max-semi-space-size=${youngMb}`,
    // One helper thread is enough for a child that mostly waits, and each costs memory.
    '--v8-pool-size=1',
    // For the host program, which takes it away before the plugin runs: what loading left behind is collected once.
    '--expose-gc',
    `--import=${new URL(`file://${guard}`).href}`,
  ]
}
