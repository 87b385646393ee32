import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Platform } from '@liberacces/core'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { onPostgres, runEnvironment } from '../run-environment.ts'
import { LEDGER_ID } from './ledger-plugin.ts'
import { MORE, openMoved, take, TENANT_SLUG, type Step } from './killed-move.ts'

const PROGRAM = fileURLToPath(new URL('killed-move.ts', import.meta.url))

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-killed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await runEnvironment(folder)
  return folder
}

/** Takes a step in a process of its own, which is killed at a point. @returns the signal that ended it */
async function killedAt(folder: string, step: Step, point: string): Promise<string | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, folder, step, point], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

const made = new Map<string, Promise<string>>()

/** A folder on which some steps were taken. They are taken once for all tests, where a folder is all there is to copy. */
async function after(...steps: readonly Step[]): Promise<string> {
  if (onPostgres) {
    const own = await temporaryFolder()
    for (const step of steps) await take(own, step)
    return own
  }
  const name = steps.join(' ')
  const original = made.get(name) ?? (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'liberacces-steps-'))
    for (const step of steps) await take(folder, step)
    return folder
  })()
  made.set(name, original)
  const folder = await temporaryFolder()
  await cp(await original, folder, { recursive: true })
  return folder
}

afterAll(async () => { for (const folder of made.values()) await rm(await folder, { recursive: true, force: true }) })

interface Found { readonly state: string; readonly ids: readonly string[]; readonly columns: readonly string[]; readonly other: readonly string[]; readonly operations: number; readonly snapshots: number; /** What the start said that it did. */
  readonly did: 'finished' | 'undone' | 'nothing' }

async function look(folder: string): Promise<Found> {
  const said: string[] = []
  const platform = await openMoved(folder, { said })
  try {
    const tenantId = platform.tenants.bySlug(TENANT_SLUG)?.id ?? ''
    const [row] = await platform.installations.list(tenantId)
    const { rows, columns } = await entriesOf(platform, tenantId)
    const neighbour = platform.tenants.bySlug('autre')
    const other = neighbour === undefined ? { rows: [] } : await entriesOf(platform, neighbour.id)
    return {
      state: row === undefined ? 'none' : `${row.version} ${row.state} ${platform.installations.modules(tenantId).byId.get(LEDGER_ID)?.manifest.version ?? 'off'}`,
      ids: rows, columns, other: other.rows,
      did: said.some((line) => line.includes('is finished')) ? 'finished' : said.some((line) => line.includes('is undone')) ? 'undone' : 'nothing',
      operations: (await platform.installations.journal.open()).length,
      snapshots: (await platform.installations.snapshots.list({ tenantId })).length,
    }
  } finally {
    await platform.stop()
  }
}

async function entriesOf({ storage }: Platform, tenantId: string): Promise<{ readonly rows: readonly string[]; readonly columns: readonly string[] }> {
  const { db } = storage.store({ tenantId, pluginId: LEDGER_ID })
  const rows = await db.selectFrom('entry').selectAll().orderBy('id').execute().catch(() => [])
  return { rows: rows.map((row) => String(row['id'])), columns: Object.keys(rows[0] ?? {}) }
}

const UPGRADE = ['upgrade:begun', 'upgrade:drained', 'snapshot:copied', 'upgrade:snapshotted', 'upgrade:migrated', 'upgrade:checked', 'upgrade:swapped', 'rehearsal:copied', 'rehearsal:migrated']
const ROLLBACK = ['rollback:begun', 'rollback:drained', 'snapshot:copied', 'rollback:snapshotted', 'rehearsal:copied', 'rollback:decided', 'rollback:restored', 'rollback:swapped']
const ENABLE = ['enable:begun', 'enable:migrated', 'enable:activated', 'enable:done']
const OLD = { state: '1.0.0 active 1.0.0', columns: ['id', 'text'] }
const NEW = { state: '1.1.0 active 1.1.0', columns: ['id', 'text', 'colour'] }

test.each(UPGRADE)('[L24] killed at %s, the next start has the old release or the new one, whole, and says which', { timeout: 60_000 }, async (point) => {
  const folder = await after('prepare')
  expect(await killedAt(folder, 'upgrade', point)).toBe('SIGKILL')
  const found = await look(folder)
  const isNew = ['upgrade:snapshotted', 'upgrade:migrated', 'upgrade:checked', 'upgrade:swapped'].includes(point)
  // A rehearsal comes before anything begins, and after the swap nothing is left to do.
  const did = point.startsWith('rehearsal:') || point === 'upgrade:swapped' ? 'nothing' : isNew ? 'finished' : 'undone'
  expect(found).toMatchObject({ ...(isNew ? NEW : OLD), ids: ['a', 'b'], other: ['c'], operations: 0, did })
  await take(folder, 'upgrade')
  expect(await look(folder)).toMatchObject({ ...NEW, ids: ['a', 'b'], other: ['c'], operations: 0, snapshots: 1, did: 'nothing' })
})

test.each(ROLLBACK)('[L24] killed at %s of a rollback, the next start has the old release or the new one, whole, and says which', { timeout: 60_000 }, async (point) => {
  for (const way of ['down', 'snapshot'] as const) {
    const folder = await after('prepare', way === 'down' ? 'upgrade' : 'upgrade-one-way')
    expect(await killedAt(folder, 'rollback', point)).toBe('SIGKILL')
    const found = await look(folder)
    const isBack = ['rollback:decided', 'rollback:restored', 'rollback:swapped'].includes(point)
    const newer = way === 'down' ? NEW : { ...NEW, state: '1.1.1 active 1.1.1' }
    const did = point === 'rollback:swapped' ? 'nothing' : isBack ? 'finished' : 'undone'
    expect(found).toMatchObject({ ...(isBack ? OLD : newer), ids: ['a', 'b'], other: ['c'], operations: 0, did })
    if (!isBack) await take(folder, 'rollback')
    expect(await look(folder)).toMatchObject({ ...OLD, ids: ['a', 'b'], other: ['c'], operations: 0, did: 'nothing' })
  }
})

test.each(ENABLE)('[L24] killed at %s, the next start finishes switching on', { timeout: 60_000 }, async (point) => {
  const folder = await temporaryFolder()
  expect(await killedAt(folder, 'prepare', point)).toBe('SIGKILL')
  const found = await look(folder)
  expect(found).toMatchObject({ state: '1.0.0 active 1.0.0', operations: 0 })
})

test.each(['disable:begun', 'disable:drained'])('[L24] killed at %s, the next start finishes switching off, and the data is there', { timeout: 60_000 }, async (point) => {
  const folder = await after('prepare')
  expect(await killedAt(folder, 'disable', point)).toBe('SIGKILL')
  expect(await look(folder)).toMatchObject({ state: '1.0.0 inactive off', ids: ['a', 'b'], other: ['c'], operations: 0, did: 'finished' })
  expect(await look(folder)).toMatchObject({ state: '1.0.0 inactive off', did: 'nothing' })
})

test.each([['upgrade:swapped#2', 2], ['upgrade:drained#3', 2], ['upgrade:migrated#3', 3]] as const)('[L29] a wave over four tenants killed at %s leaves each of them whole, and run again it finishes', { timeout: 60_000 }, async (point, moved) => {
  const folder = await after('prepare', 'more')
  expect(await killedAt(folder, 'wave', point)).toBe('SIGKILL')
  const found = await releases(folder)
  expect(found.filter((release) => release === '1.1.0 active 1.1.0 colour')).toHaveLength(moved)
  expect(found.filter((release) => release === '1.0.0 active 1.0.0')).toHaveLength(4 - moved)
  await take(folder, 'wave')
  expect(await releases(folder)).toEqual(Array.from({ length: 4 }, () => '1.1.0 active 1.1.0 colour'))
  expect(await look(folder)).toMatchObject({ ...NEW, ids: ['a', 'b'], other: ['c'], operations: 0, did: 'nothing' })
})

/** Of each tenant: version and state on record, what runs, and whether the table is that of the newer release. */
async function releases(folder: string): Promise<readonly string[]> {
  const platform = await openMoved(folder)
  try {
    return await Promise.all([TENANT_SLUG, 'autre', ...MORE].map(async (slug) => {
      const tenantId = platform.tenants.bySlug(slug)?.id ?? ''
      const [row] = await platform.installations.list(tenantId)
      const { db } = platform.storage.store({ tenantId, pluginId: LEDGER_ID })
      await db.insertInto('entry').values({ id: `look-${Date.now()}-${slug}`, text: 'x' }).execute()
      const one = await db.selectFrom('entry').selectAll().where('id', 'like', 'look-%').executeTakeFirst()
      await db.deleteFrom('entry').where('id', 'like', 'look-%').execute()
      return [row?.version, row?.state, platform.installations.modules(tenantId).byId.get(LEDGER_ID)?.manifest.version, ...(Object.hasOwn(one ?? {}, 'colour') ? ['colour'] : [])].join(' ')
    }))
  } finally {
    await platform.stop()
  }
}
