import { resolve } from 'node:path'
import type { Input, LocalCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { progressNotes } from '../progress-notes.ts'
import { configOf, type Surroundings } from '../surroundings.ts'
import { openPlatform } from '../opened-platform.ts'

/** `restore DIR` */
export const restore: LocalCommand = {
  kind: 'local',
  name: 'restore',
  summary: 'bring a backup back into an empty data folder',
  define(command) {
    command.argument('<dir>', 'the backup')
  },
  async run(surroundings: Surroundings, { args: [from] }: Input<object, [string]>, io: Io) {
    const { restoreBackup } = await import('../../backup/restore-backup.ts')
    const { dataFolder, databaseUrl } = configOf(surroundings)
    const done = await restoreBackup(resolve(io.folder, from), dataFolder, progressNotes(io))
    if (databaseUrl !== undefined) await moveOn(surroundings, databaseUrl, io)
    io.answer(done, `Restored ${done.tenants} tenants into ${done.dataFolder}: ${done.entries} files, ${done.bytes} bytes, as of ${done.startedAt}. Everyone logs in anew.`)
    return 0
  },
}

/** A backup is of SQLite files, whatever it was made of. */
async function moveOn(surroundings: Surroundings, databaseUrl: string, io: Io): Promise<void> {
  const { LIBERACCES_DATABASE_URL: _elsewhere, ...env } = surroundings.env
  const platform = await openPlatform({ ...surroundings, env }, { quiet: 'warn' })
  try {
    await platform.moveTo(databaseUrl, progressNotes(io))
  } finally {
    await platform.stop()
  }
  const { removeDatabases } = await import('../../backup/remove-databases.ts')
  await removeDatabases(platform.config.dataFolder)
}
