import { subscribe } from 'node:diagnostics_channel'

/** Where Node tells what it did not permit (`node:permission-model:…`), and the guard what it refused. */
const CHANNELS = ['fs', 'net', 'child', 'worker', 'inspector', 'wasi', 'addon', 'ffi'].map((what) => `node:permission-model:${what}`)
const GUARD = 'liberacces:denied'
/** Modules of the SDK have such addresses, and Node's loader looks whether they are files. */
const OWN_SCHEME = 'liberacces:'

/** Most that is told: one that never stops trying is known by then. */
const MOST_TOLD = 200

/**
 * Tells of what Node did not let the plugin do. A plugin that means harm can end it: it lives in the same process. What comes of its attempts does not depend on it.
 */
export function watchDenials(denied: (what: string) => void): void {
  let told = 0
  const tell = (message: unknown): void => {
    const { permission, resource } = message as { readonly permission?: unknown; readonly resource?: unknown }
    if (String(resource).startsWith(OWN_SCHEME)) return
    told += 1
    if (told > MOST_TOLD) return
    denied(`${String(permission)} ${String(resource)}`)
  }
  for (const name of [...CHANNELS, GUARD]) subscribe(name, tell)
}
