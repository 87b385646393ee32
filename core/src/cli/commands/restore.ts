import { resolve } from 'node:path'
import type { Input, LocalCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { progressNotes } from '../progress-notes.ts'
import { configOf, type Surroundings } from '../surroundings.ts'

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
    const done = await restoreBackup(resolve(io.folder, from), configOf(surroundings).dataFolder, progressNotes(io))
    io.answer(done, `Restored ${done.tenants} tenants into ${done.dataFolder}: ${done.entries} files, ${done.bytes} bytes, as of ${done.startedAt}. Everyone logs in anew.`)
    return 0
  },
}
