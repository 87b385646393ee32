import { load, type Target } from '../load.ts'
import type { Measure } from '../measure.ts'
import { percentile } from '../row.ts'

/** Length of one window of load, in milliseconds. */
const WINDOW_MS = 1_000

/** A newer release for every tenant while their agents work. */
export const upgradeWave: Measure = {
  name: 'upgrade-wave',
  about: 'upgrade --all over 1,000 tenants while requests go to all of them: failed requests, and the time per tenant',
  async run(workshop) {
    const count = workshop.quick ? 60 : 1_000
    const program = await workshop.program('wave-server')
    workshop.note(`preparing ${count} tenants`)
    const { port, targets } = await program.ask<{ readonly port: number; readonly targets: readonly { readonly host: string; readonly token: string }[] }>('prepare', { count, departements: workshop.quick ? ['17'] : ['17', '16', '79'] })
    const spread = targets.map(({ host, token }): Target => ({ port, path: '/apps/notes/note-7', headers: { host: `${host}:${port}`, authorization: `Bearer ${token}` } }))
    const before: number[] = []
    await load(spread, 2 * WINDOW_MS)
    for (let window = 0; window < 5; window += 1) before.push((await load(spread, WINDOW_MS)).p99)
    workshop.note('upgrading them')
    let isOver = false
    const upgrading = program.ask<number[]>('upgradeAll').finally(() => { isOver = true })
    const during: number[] = []
    let requests = 0
    let failed = 0
    while (!isOver) {
      // A window ends at the first answer that is no 200; how many there were is then how many windows failed.
      try {
        const { p99, requests: answered } = await load(spread, WINDOW_MS)
        during.push(p99)
        requests += answered
      } catch (error) {
        failed += 1
        workshop.note(error instanceof Error ? error.message : String(error))
      }
    }
    const times = await upgrading
    const bare = await program.ask<number[]>('upgradeBare', { count })
    await program.stop()
    return [
      { what: `failed requests of ${requests.toLocaleString('en')} while ${count} tenants were upgraded`, unit: 'requests', better: 'lower', goal: { of: 'ours', limit: 0 }, ours: [failed] },
      { what: 'time per tenant under load; bare: a copy of the file and the migration, no load', unit: 'ms', better: 'lower', ours: times, bare },
      { what: 'the same, p95', unit: 'ms', better: 'lower', ours: [percentile(times, 0.95)], bare: [percentile(bare, 0.95)] },
      { what: 'p99 of the reads meanwhile; bare: before', unit: 'ms', better: 'lower', ours: [percentile(during, 0.5)], bare: [percentile(before, 0.5)] },
    ]
  },
}
