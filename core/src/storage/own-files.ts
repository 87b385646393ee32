import { existsSync } from 'node:fs'
import type { SharedFiles } from './shared-files.ts'

/** Of a platform that is one process: what it needs lies in its data folder. */
export const OWN_FILES: SharedFiles = {
  isShared: false,
  publish: async () => undefined,
  fetch: async (_name, path) => existsSync(path),
  read: async () => undefined,
  names: async () => [],
  remove: async () => undefined,
}
