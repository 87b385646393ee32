import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { startEcho } from '../bare-echo.ts'
import { GROUPED, PAYLOAD, type Home } from '../fixtures/border/border-plugin.tsx'
import type { Target } from '../load.ts'
import type { Measure } from '../measure.ts'
import { packFixture } from '../pack-fixture.ts'
import { percentile, type Figure } from '../row.ts'
import { compare } from '../rounds.ts'
import { ROOT } from '../workshop.ts'

/** Plugins in processes of their own that are started at once. */
const TEN = 10
/** Calls of a service in one round. */
const CALLS = 2_000
/** Longest that the Bureau may wait for a tile whose process hangs, in milliseconds: the tile's budget (300 ms), and a little for the page. */
const HUNG_MS = 600
/** Longest that ten plugins may take from being switched on to running, each in its process, in milliseconds. */
const TEN_MS = 1_000
/** How long processes are left alone before their memory is looked at, in milliseconds: they give back what loading took a second after they are ready. */
const REST_MS = 3_000

const FIXTURES = join(ROOT, 'bench', 'src', 'fixtures', 'border')

/** What it costs to have a plugin in a process of its own: the same plugin on both sides of the border, in one run. */
export const readProcess: Measure = {
  name: 'read-process',
  about: 'a plugin in a process of its own beside the same one inline: service calls, a route with one SELECT, ten processes, one that hangs',
  async run(workshop) {
    const folder = workshop.folder('border-archives')
    const packed = async (source: string, variant = ''): Promise<string> => {
      const archive = join(folder, `${source}${variant}.tgz`)
      await packFixture(join(FIXTURES, `${source}.tsx`), archive, variant)
      return archive
    }
    workshop.note('packing the plugins, and starting the server')
    const program = await workshop.program('border-server')
    const { port, host, cookie } = await program.ask<{ readonly port: number; readonly host: string; readonly cookie: string }>('where')
    await program.ask('letIn', { archives: [await packed('in-process')] })
    await program.ask('fill')
    const target = (home: Home): Target => ({ port, path: `/apps/border-${home}/note-500`, headers: { host: `${host}:${port}` } })

    workshop.note('calling a service')
    const calls: Record<Home, { readonly p50: number; readonly p99: number }[]> = { inline: [], process: [] }
    const bare: { readonly p50: number; readonly p99: number }[] = []
    const echo = startEcho()
    workshop.defer(() => echo.stop())
    const size = Buffer.byteLength(JSON.stringify(PAYLOAD))
    for (let round = 0; round <= workshop.rounds; round += 1) {
      for (const home of ['inline', 'process'] as const) {
        const times = await program.ask<readonly number[]>('callService', { home, count: CALLS })
        // The first round warms both up.
        if (round > 0) calls[home].push({ p50: percentile(times, 0.5), p99: percentile(times, 0.99) })
      }
      const times = await echo.roundTrips(CALLS, size)
      if (round > 0) bare.push({ p50: percentile(times, 0.5), p99: percentile(times, 0.99) })
    }

    workshop.note('reading by a route')
    const routes = await compare(workshop, { program, target: target('process') }, { program, target: target('inline') })

    workshop.note('a tile that hangs')
    const bureau = (): Promise<number> => timed(port, { host: `${host}:${port}`, cookie })
    const { ids: hanging } = await program.ask<{ readonly ids: readonly string[] }>('letIn', { archives: [await packed('hanging')] })
    const hung = [await bureau()]
    await program.ask('disable', { ids: hanging })

    workshop.note(`${TEN} processes`)
    const { ids, ms } = await program.ask<{ readonly ids: readonly string[]; readonly ms: number }>('letIn', { archives: await Promise.all(Array.from({ length: TEN }, (_, number) => packed('in-process', `-${number}`))) })
    await after(REST_MS)
    const memory = await program.ask<readonly number[]>('memory', { ids })
    await program.ask('disable', { ids })

    workshop.note(`${GROUPED.length} plugins in one process`)
    const { ids: grouped, ms: togetherMs } = await program.ask<{ readonly ids: readonly string[]; readonly ms: number }>('letIn', { archives: await Promise.all(GROUPED.map((variant) => packed('in-process', variant))) })
    await after(REST_MS)
    // Each says what the process has that they share.
    const together = Math.max(...await program.ask<readonly number[]>('memory', { ids: grouped }))
    return [
      { what: 'service call of 1 kB, p50', unit: 'µs', better: 'lower', goal: { of: 'ours', limit: 120 }, ours: calls.process.map(({ p50 }) => p50), bare: calls.inline.map(({ p50 }) => p50) },
      { what: 'service call of 1 kB, p99', unit: 'µs', better: 'lower', goal: { of: 'ours', limit: 1_000 }, ours: calls.process.map(({ p99 }) => p99), bare: calls.inline.map(({ p99 }) => p99) },
      { what: 'service call, beside a bare process that echoes as many bytes, p50', unit: 'µs', better: 'lower', ours: calls.process.map(({ p50 }) => p50), bare: bare.map(({ p50 }) => p50) },
      { what: 'service call, beside a bare process that echoes as many bytes, p99', unit: 'µs', better: 'lower', ours: calls.process.map(({ p99 }) => p99), bare: bare.map(({ p99 }) => p99) },
      { what: 'route with one SELECT', unit: 'requests/s', better: 'higher', goal: { of: 'ratio', limit: 0.8 }, ours: routes.ours.map(({ perSecond }) => perSecond), bare: routes.bare.map(({ perSecond }) => perSecond) },
      { what: 'route with one SELECT, p99 at 32 connections', unit: 'ms', better: 'lower', ours: routes.ours.map(({ p99 }) => p99), bare: routes.bare.map(({ p99 }) => p99) },
      { what: `${TEN} plugins switched on, each in a process`, unit: 'ms', better: 'lower', goal: { of: 'ours', limit: TEN_MS }, ours: [ms] },
      { what: 'memory of a process (PSS)', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 15 }, ours: memory },
      { what: `${GROUPED.length} plugins switched on, in one process`, unit: 'ms', better: 'lower', ours: [togetherMs], bare: [ms] },
      { what: `memory of ${GROUPED.length} plugins in one process (PSS), beside ${TEN} in one each`, unit: 'MB', better: 'lower', ours: [together], bare: [memory.reduce((sum, one) => sum + one, 0)] },
      { what: 'the Bureau with a tile that hangs', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: HUNG_MS }, ours: hung },
    ] satisfies readonly Figure[]
  },
}

/** Milliseconds until the Bureau was there. @throws Error when it was not */
async function timed(port: number, headers: Readonly<Record<string, string>>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const start = performance.now()
  get({ port, host: '127.0.0.1', path: '/bureau', headers, agent: false }, (answer) => {
    answer.resume().on('end', () => {
      if (answer.statusCode === 200) resolve(performance.now() - start)
      else reject(new Error(`The Bureau answered ${answer.statusCode ?? 0}.`))
    })
  }).on('error', reject)
  return promise
}
