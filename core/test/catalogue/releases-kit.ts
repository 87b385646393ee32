import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog } from '../../src/http/log.ts'
import { readConfig } from '../../src/config.ts'
import { createPlatform, type Platform } from '../../src/platform.ts'
import { runEnvironment } from '../run-environment.ts'
import { archiveWith, codeOf, type Changes } from './archive-kit.ts'

export const BY = { kind: 'operator', id: 'test', name: 'Test' } as const

/**
 * A platform without plugins on a data folder, which says what it logs and where it passes.
 * @param runtime - where archives run; which wall they get is the matter of `which-wall.test.ts`
 */
export async function openPlatform(folder: string, { log = [], reached, runtime = 'inline' }: { readonly log?: string[]; readonly reached?: (point: string) => void; readonly runtime?: 'inline' | 'by-origin' } = {}): Promise<Platform> {
  const stream = { write: (line: string) => { log.push(line) } }
  return createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder), LIBERACCES_LOG: 'warn', LIBERACCES_RUNTIME: runtime }, folder), plugins: [], log: createLog('warn', stream as unknown as NodeJS.WriteStream),
    ...(reached === undefined ? {} : { outside: { now: Date.now, randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fetch: () => Promise.reject(new Error('The network is cut.')), reached } }),
  })
}

/** Writes the archive of a version into a folder. @returns its path */
export async function archiveFile(folder: string, version = '1.0.0', changes: Changes = {}): Promise<string> {
  const path = join(folder, `greeter-${version}-${Object.keys(changes).length}.tgz`)
  await writeFile(path, await archiveWith(changes, codeOf({ version })))
  return path
}
