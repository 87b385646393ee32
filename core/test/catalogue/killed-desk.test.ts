import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/temporary-storage.ts'
import { signalThatEnds } from '../killed-process.ts'
import { runEnvironment } from '../run-environment.ts'
import { archiveFile, BY, openPlatform } from './releases-kit.ts'

const ID = 'fr.test.greeter'

const killed = (...args: readonly string[]): Promise<string | null> => signalThatEnds(join(import.meta.dirname, 'killed-desk.ts'), ...args)

/** What the next process finds: the versions it knows, those on disk, and whether it said that it cleaned up. */
async function found(folder: string): Promise<{ readonly known: readonly string[]; readonly stored: readonly string[]; readonly cleaned: boolean; readonly audited: readonly string[] }> {
  const log: string[] = []
  const platform = await openPlatform(folder, { log })
  const known = platform.catalogue.find(ID).map(({ version }) => version)
  for (const version of known) await platform.catalogue.load(ID, version)
  const place = join(folder, 'releases', ID)
  const audited = (await platform.audit.list('fr.liberacces.kernel', { limit: 10 })).map(({ action }) => action)
  await platform.stop()
  return { known, stored: existsSync(place) ? await readdir(place) : [], cleaned: log.some((line) => line.includes('interrupted')), audited }
}

test.each([
  ['install:checked', false, false], ['install:staged', false, true], ['install:placed', false, true], ['install:recorded', true, false],
] as const)('[K10] killed at %s, a release is there as a whole or not at all, and the next start says what it took away', async (point, isThere, cleaned) => {
  const folder = temporaryFolder()
  const spec = await archiveFile(folder)
  await runEnvironment(folder)
  expect(await killed(folder, 'install', spec, point)).toBe('SIGKILL')
  const there = isThere ? ['1.0.0'] : []
  expect(await found(folder)).toEqual({ known: there, stored: there, cleaned, audited: isThere ? ['release.installed'] : [] })
  // It can be asked for again, and is then there.
  const platform = await openPlatform(folder)
  expect(await platform.releases.install(spec, '/', BY)).toMatchObject({ isKnown: isThere })
  await platform.stop()
}, 30_000)

test('[K10] killed while it is removed, it is gone with the next start', async () => {
  const folder = temporaryFolder()
  const platform = await openPlatform(folder)
  await platform.releases.install(await archiveFile(folder), '/', BY)
  await platform.stop()
  expect(await killed(folder, 'remove', ID, 'remove:recorded')).toBe('SIGKILL')
  expect(await found(folder)).toEqual({ known: [], stored: [], cleaned: true, audited: ['release.removed', 'release.installed'] })
}, 30_000)
