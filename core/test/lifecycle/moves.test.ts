import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Migrations, Plugin } from '@liberacces/sdk'
import { PlatformError } from '../../src/errors.ts'
import { TRANSITIONS } from '../../src/lifecycle/installation-state.ts'
import { NOTES, temporaryFolder } from '../storage/temporary-storage.ts'
import { BY, Crash, OTHER, plugin, startProcess, TENANT, type Process } from './crashing-lifecycle.ts'

const ID = 'fr.test.base'
const colour = (down: Migrations[string]['down']): Migrations => ({
  ...NOTES, '0002-colour': { up: async (db) => { await db.schema.alterTable('note').addColumn('colour', 'text').execute() }, down },
})
const DOWN = colour(async (db) => { await db.schema.alterTable('note').dropColumn('colour').execute() })
const ONE_WAY: Migrations = { ...DOWN, '0003-size': { up: async (db) => { await db.schema.alterTable('note').addColumn('size', 'integer').execute() }, down: async () => undefined } }
const BROKEN: Migrations = { ...ONE_WAY, '0004-broken': { up: async () => { throw new Error('broken') }, down: async () => undefined } }
const MIGRATIONS: Readonly<Record<string, Migrations>> = { '1.0.0': NOTES, '1.1.0': DOWN, '1.2.0': ONE_WAY, '1.3.0': BROKEN }
const RELEASES: readonly Plugin[] = Object.entries(MIGRATIONS).map(([version, migrations]) => plugin('base', { version, migrations }))

type Command =
  | { readonly kind: 'enable' | 'disable' | 'write' }
  | { readonly kind: 'upgrade'; readonly to: string }
  | { readonly kind: 'rollback'; readonly discard: boolean }
interface Turn { readonly command: Command; readonly dies: number | undefined }

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom<Command>({ kind: 'enable' }, { kind: 'disable' }) },
  { weight: 4, arbitrary: fc.constant<Command>({ kind: 'write' }) },
  { weight: 5, arbitrary: fc.constantFrom('1.1.0', '1.2.0', '1.3.0').map((to): Command => ({ kind: 'upgrade', to })) },
  { weight: 4, arbitrary: fc.boolean().map((discard): Command => ({ kind: 'rollback', discard })) },
)
const turn: fc.Arbitrary<Turn> = fc.record({ command, dies: fc.option(fc.nat({ max: 12 }), { nil: undefined }) })

const key = (tenantId: string) => ({ tenantId, pluginId: ID })
const notes = async ({ storage }: Process, tenantId: string): Promise<readonly string[]> =>
  (await storage.storesOf(tenantId)).length === 0 ? [] : (await storage.store(key(tenantId)).db.selectFrom('note').select('text').orderBy('id').execute()).map(({ text }) => String(text))

async function carryOut({ installations, storage }: Process, { kind, ...rest }: Command, text: string): Promise<'wrote' | 'lost' | 'done'> {
  switch (kind) {
    case 'enable': await installations.enable(TENANT, ID, '*', BY); return 'done'
    case 'disable': await installations.disable(TENANT, ID, BY); return 'done'
    case 'write': await storage.store(key(TENANT)).db.insertInto('note').values({ text }).execute(); return 'wrote'
    case 'upgrade': await installations.upgrade(TENANT, ID, { range: (rest as { to: string }).to, by: BY }); return 'done'
    case 'rollback': return (await installations.rollback(TENANT, ID, { discardChanges: (rest as { discard: boolean }).discard, by: BY })).lostChanges ? 'lost' : 'done'
    default: throw new Error(kind satisfies never)
  }
}

test('[L27] whatever is asked for and whenever the process dies: the state is legal, the tables are those of the release, no acknowledged row is lost, and the neighbour is untouched', { timeout: 180_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 3, maxLength: 9 }), async (turns) => {
    const folder = temporaryFolder()
    let process = await startProcess(folder, RELEASES)
    for (const tenant of [TENANT, OTHER]) await process.installations.enable(tenant, ID, '1.0.0', BY)
    await process.storage.store(key(OTHER)).db.insertInto('note').values({ text: 'of the neighbour' }).execute()
    let acknowledged: readonly string[] = []
    for (const [index, { command: asked, dies }] of turns.entries()) {
      const on = (await process.installations.list(TENANT))[0]?.state === 'active'
      if (asked.kind === 'write' && !on) continue
      // What a rollback may lose is only known when it ends; one that is told to lose is let live.
      const mayDie = dies !== undefined && asked.kind !== 'write' && !(asked.kind === 'rollback' && asked.discard)
      process.dieAt(mayDie ? dies : undefined)
      const outcome = await carryOut(process, asked, `note ${index}`).catch((error: unknown) => {
        if (error instanceof Crash || error instanceof PlatformError) return 'done' as const
        throw error
      })
      if (outcome === 'wrote') acknowledged = [...acknowledged, `note ${index}`]
      if (process.isDead) {
        await process.end()
        process = await startProcess(folder, RELEASES)
      }
      process.dieAt(undefined)
      const [row] = await process.installations.list(TENANT)
      const states = new Set(Object.values(TRANSITIONS).map(({ to }) => to))
      expect([states.has(row?.state ?? 'available'), await process.installations.journal.open()]).toEqual([true, []])
      expect(['active', 'inactive', 'migration-failed']).toContain(row?.state)
      const kept = await notes(process, TENANT)
      if (outcome === 'lost') acknowledged = kept
      expect(kept).toEqual(acknowledged)
      const had = (await process.storage.storesOf(TENANT)).length === 0 ? [] : (await process.storage.kernelStore(key(TENANT)).selectFrom('liberacces_migration').select('name').orderBy('name').execute()).map(({ name }) => name)
      const known = Object.keys(MIGRATIONS[row?.version ?? ''] ?? {})
      expect({ turn: index, asked, had: had.filter((name) => !known.includes(name)) }).toEqual({ turn: index, asked, had: [] })
      expect(row?.state === 'active' && had.length > 0 ? had : known).toEqual(known)
      expect(process.installations.modules(TENANT).byId.get(ID)?.manifest.version).toBe(row?.state === 'active' ? row.version : undefined)
      expect([await notes(process, OTHER), (await process.installations.list(OTHER)).map(({ version, state }) => `${version} ${state}`)]).toEqual([['of the neighbour'], ['1.0.0 active']])
    }
    await process.end()
  }), { numRuns: 25 })
})

test('[L32] one goes back to the release that ran before, and then to the one before that, however little time was between', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 5; round += 1) {
    const process = await startProcess(temporaryFolder(), RELEASES)
    const { installations } = process
    // The clock of this test stands still.
    await installations.enable(TENANT, ID, '1.0.0', BY)
    for (const to of ['1.1.0', '1.2.0']) await installations.upgrade(TENANT, ID, { range: to, by: BY })
    const backTo = async (): Promise<string> => (await installations.rollback(TENANT, ID, { discardChanges: false, by: BY })).to
    expect([await backTo(), await backTo()]).toEqual(['1.1.0', '1.0.0'])
    await process.end()
  }
})
