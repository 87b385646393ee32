import type { Input, LocalCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { openPlatform } from '../opened-platform.ts'
import { progressNotes } from '../progress-notes.ts'
import type { Surroundings } from '../surroundings.ts'

const VARIABLE = 'LIBERACCES_MOVE_TO'

interface Options {
  readonly to?: string
}

/** `migrate-storage --to postgres://…|sqlite` */
export const migrateStorage: LocalCommand = {
  kind: 'local',
  name: 'migrate-storage',
  summary: 'move all data to another database, while no server runs, and check it there',
  define(command) {
    command.option('--to <database>', `postgres://user:password@host/database, or "sqlite" for the data folder; the variable ${VARIABLE} keeps a password out of the list of processes`)
  },
  wrongUse({ options: { to } }: Input<Options, []>) {
    // What was typed may hold a password: it is not repeated.
    return to === undefined || to === 'sqlite' || /^postgres(ql)?:/.test(to) ? undefined : '--to is neither "sqlite" nor the address of a PostgreSQL database.\nGive postgres://user:password@host:5432/database, or sqlite.'
  },
  async run(surroundings: Surroundings, { options }: Input<Options, []>, io: Io) {
    const to = options.to ?? (surroundings.env[VARIABLE] || undefined)
    if (to === undefined) {
      io.note(`liberacces: Where to is not said.\n  Give --to postgres://… or --to sqlite, or set ${VARIABLE}.`)
      return 2
    }
    const platform = await openPlatform(surroundings, { quiet: 'warn' })
    try {
      const done = await platform.moveTo(to === 'sqlite' ? undefined : to, progressNotes(io))
      const next = to === 'sqlite' ? 'Leave LIBERACCES_DATABASE_URL empty from now on.' : 'Set LIBERACCES_DATABASE_URL to it from now on.'
      io.answer(done, `Moved ${done.tenants} tenants with ${done.stores} stores, ${done.rows} rows in all, to ${done.to}, and compared them there. ${next} What was here stays as it was, and is not opened any more.`)
      return 0
    } finally {
      await platform.stop()
    }
  },
}
