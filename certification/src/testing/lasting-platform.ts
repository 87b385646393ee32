import { createPlatform, readConfig, testEnvironment, type Platform } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { sourcesFor } from './test-sources.ts'

/**
 * Opens a platform with plugins on a data folder that outlives it, with the real clock: for tests whose processes are killed, one after the other, on the same data.
 * On PostgreSQL a test prepares the folder first, with {@link prepareFolder}; the processes that it starts since find its database too.
 * Closing it is up to who opens it: `platform.stop()`, or a signal.
 */
export async function openLasting(folder: string, plugins: readonly Plugin[]): Promise<Platform> {
  const config = readConfig({ PORT: '0', ...await testEnvironment(folder, unprepared), LIBERACCES_LOG: 'fatal' }, folder)
  const platform = await createPlatform({ config, plugins: await sourcesFor(plugins, 'inline') })
  const problems = platform.catalogue.rejected.flatMap((rejected) => rejected.problems)
  if (problems.length > 0) throw new AggregateError(problems, problems.map(({ message }) => message).join('\n'))
  return platform
}

/** Makes sure that a folder has the database of the run behind it. @param atEnd - is given what takes it away */
export async function prepareFolder(folder: string, atEnd: (drop: () => Promise<void>) => void): Promise<void> {
  await testEnvironment(folder, atEnd)
}

function unprepared(): never {
  throw new Error('The folder was not prepared by the test: see prepareFolder().')
}
