import { bareParts, demonstration, manyPlugins, type Startable } from '../demonstration.ts'
import type { Measure } from '../measure.ts'
import { started } from '../started.ts'

const PLUGINS = 20

/** From the spawn of a process to its first answer. */
export const start: Measure = {
  name: 'start',
  about: `second start of the demonstration, and one with ${PLUGINS} plugins, until /readyz answers; beside fastify + kysely + better-sqlite3`,
  async run(workshop) {
    const all = { demo: await demonstration(workshop), many: await manyPlugins(workshop, PLUGINS), bare: await bareParts(workshop) }
    workshop.note('starting')
    const times = { demo: [] as number[], many: [] as number[], bare: [] as number[] }
    for (let round = 0; round < workshop.rounds; round += 1) {
      for (const name of ['demo', 'bare', 'many'] as const) times[name].push(await timeOf(all[name]))
    }
    const goal = { of: 'ours', limit: 1_000 } as const
    return [
      { what: 'second start of the demonstration', unit: 'ms', better: 'lower', goal, ours: times.demo, bare: times.bare },
      { what: `start with ${PLUGINS} inline plugins`, unit: 'ms', better: 'lower', goal, ours: times.many, bare: times.bare },
    ]
  },
}

async function timeOf({ args, data }: Startable): Promise<number> {
  const server = await started(args, data)
  await server.stop()
  return server.ms
}
