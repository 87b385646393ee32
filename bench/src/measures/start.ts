import { bareParts, demonstration, manyPlugins, type Startable } from '../demonstration.ts'
import type { Measure } from '../measure.ts'
import type { Figure } from '../row.ts'
import { started, type Started } from '../started.ts'

const PLUGINS = 20

/** From the spawn of a process to its first answer. */
export const start: Measure = {
  name: 'start',
  about: `second start of the demonstration, and one with ${PLUGINS} plugins, until /readyz answers; beside fastify + kysely + better-sqlite3`,
  async run(workshop) {
    const all = { demo: await demonstration(workshop), many: await manyPlugins(workshop, PLUGINS), bare: await bareParts(workshop) }
    workshop.note('starting')
    const times = { demo: [] as Times[], many: [] as Times[], bare: [] as Times[] }
    for (let round = 0; round < workshop.rounds; round += 1) {
      for (const name of ['demo', 'bare', 'many'] as const) times[name].push(await timesOf(all[name]))
    }
    const figures = (what: string, ours: readonly Times[]): readonly Figure[] => [
      { what, unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 1_000 }, ours: ours.map(({ ms }) => ms), bare: times.bare.map(({ ms }) => ms) },
      { what: `${what}, CPU`, unit: 'ms', better: 'lower', ours: ours.map(({ cpuMs }) => cpuMs), bare: times.bare.map(({ cpuMs }) => cpuMs) },
    ]
    return [...figures('second start of the demonstration', times.demo), ...figures(`start with ${PLUGINS} inline plugins`, times.many)]
  },
}

type Times = Pick<Started, 'ms' | 'cpuMs'>

async function timesOf({ args, data }: Startable): Promise<Times> {
  const server = await started(args, data)
  await server.stop()
  return server
}
