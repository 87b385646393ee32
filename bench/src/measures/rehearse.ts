import type { Measure } from '../measure.ts'
import { startPostgres } from '../postgres-server.ts'
import type { Figure } from '../row.ts'

const SIZES = [100, 10_000]

/** What trying an upgrade on a copy costs a tenant, by how much it has stored. */
export const rehearse: Measure = {
  name: 'rehearse',
  about: 'a rehearsal of an upgrade on PostgreSQL and on SQLite, with few rows and many',
  async run(workshop) {
    const server = await startPostgres(workshop)
    const [postgres, sqlite] = [await workshop.program('rehearsal-server', { data: workshop.folder('rehearse-postgres') }), await workshop.program('rehearsal-server', { data: workshop.folder('rehearse-sqlite') })]
    await Promise.all([postgres.ask('open', { url: await server.database() }), sqlite.ask('open', {})])
    const url = await server.database()
    const figures: Figure[] = []
    let has = 0
    for (const count of SIZES) {
      workshop.note(`rehearsing with ${count} rows`)
      await Promise.all([postgres, sqlite].map((program) => program.ask('notes', { from: has, to: count })))
      has = count
      const found: Record<'postgres' | 'sqlite' | 'bare', number[]> = { postgres: [], sqlite: [], bare: [] }
      // The first makes what is made once.
      for (let round = -1; round < (workshop.quick ? 3 : 7); round += 1) {
        const [ours, other, bare] = [await postgres.ask<number>('rehearse'), await sqlite.ask<number>('rehearse'), await postgres.ask<number>('bare', { url, count })]
        if (round < 0) continue
        found.postgres.push(ours)
        found.sqlite.push(other)
        found.bare.push(bare)
      }
      const rows = count.toLocaleString('en')
      figures.push(
        { what: `rehearsal on PostgreSQL, ${rows} rows; bare: copy within the database, migration, drop`, unit: 'ms', better: 'lower', ours: found.postgres, bare: found.bare },
        { what: `rehearsal on SQLite, ${rows} rows`, unit: 'ms', better: 'lower', ours: found.sqlite },
      )
    }
    await Promise.all([postgres.stop(), sqlite.stop()])
    return figures
  },
}
