// Takes one step of an installation's life on the data folder of its argument, and is killed at the crash point that it is told.
import { createPlatform, givenPlugin, readConfig, testEnvironment, type Platform } from '@liberacces/core'
import { pino } from 'pino'
import { LEDGER, LEDGER_ID } from './ledger-plugin.ts'

export const TENANT_SLUG = 'aytre'
/** Tenants of the step `more`. */
export const MORE = ['trois', 'quatre'] as const
const OPERATOR = { kind: 'operator', id: 'test', name: 'Test' } as const

/** Opens the platform of these tests, on a data folder whose database the test has asked for. @param options - `reached` is told of crash points, `said` gets warnings of the log */
export async function openMoved(folder: string, { reached, said = [] }: { readonly reached?: (point: string) => void; readonly said?: string[] } = {}): Promise<Platform> {
  return createPlatform({
    config: readConfig({ PORT: '0', ...await testEnvironment(folder, notHere) }, folder),
    plugins: [LEDGER.first, LEDGER.colour, LEDGER.oneWay].map(givenPlugin),
    outside: {
      now: Date.now, randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)), fetch: () => Promise.reject(new Error('The network is cut.')),
      ...(reached === undefined ? {} : { reached }),
    },
    log: pino({ level: 'warn' }, { write: (line: string) => { said.push((JSON.parse(line) as { msg: string }).msg) } }),
  })
}

function notHere(): never {
  throw new Error('The database goes with the test, which has not asked for it.')
}

async function prepare(platform: Platform): Promise<void> {
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, OPERATOR)
  for (const [name, slug, ids] of [['Aytré', TENANT_SLUG, ['a', 'b']], ['Autre', 'autre', ['c']]] as const) {
    const { id } = await platform.tenants.create({ kind: 'commune', name, slug }, OPERATOR)
    await platform.installations.enable(id, LEDGER_ID, '1.0.0', OPERATOR)
    for (const entry of ids) await platform.storage.store({ tenantId: id, pluginId: LEDGER_ID }).db.insertInto('entry').values({ id: entry, text: 'x' }).execute()
  }
}

/** A step of an installation's life. */
export type Step = 'prepare' | 'more' | 'wave' | 'disable' | 'upgrade' | 'upgrade-one-way' | 'rollback'

/** Takes a step. */
export async function take(folder: string, step: Step, reached?: (point: string) => void): Promise<void> {
  const platform = await openMoved(folder, reached === undefined ? {} : { reached })
  const id = (): string => platform.tenants.bySlug(TENANT_SLUG)?.id ?? ''
  switch (step) {
    case 'prepare': await prepare(platform); break
    case 'more': for (const slug of MORE) await platform.installations.enable((await platform.tenants.create({ kind: 'commune', name: slug, slug }, OPERATOR)).id, LEDGER_ID, '1.0.0', OPERATOR); break
    case 'wave': await platform.installations.upgradeAll(LEDGER_ID, { range: '1.1.0', by: OPERATOR, concurrency: 1 }); break
    case 'disable': await platform.installations.disable(id(), LEDGER_ID, OPERATOR); break
    case 'upgrade': await platform.installations.upgrade(id(), LEDGER_ID, { range: '1.1.0', by: OPERATOR }); break
    case 'upgrade-one-way': await platform.installations.upgrade(id(), LEDGER_ID, { range: '1.1.1', by: OPERATOR }); break
    case 'rollback': await platform.installations.rollback(id(), LEDGER_ID, { by: OPERATOR }); break
    default: step satisfies never
  }
  await platform.stop()
}

const [, program, folder, step, killAt] = process.argv
if (program === import.meta.filename && folder !== undefined) {
  const [name, nth = '1'] = (killAt ?? '').split('#')
  let times = 0
  await take(folder, step as Step, (point) => { if (point === name && (times += 1) === Number(nth)) process.kill(process.pid, 'SIGKILL') })
}
