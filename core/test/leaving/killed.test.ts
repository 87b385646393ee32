import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { signalThatEnds } from '../killed-process.ts'
import { BY, contentOf, copiesOf, exportTo, makeCommune, openPlace, sharedExport } from './leaving-kit.ts'

async function dieAt(point: string, what: 'export' | 'import', folder: string, file: string): Promise<string | null> {
  return signalThatEnds(join(import.meta.dirname, 'killed-mover.ts'), folder, what, file, point)
}

/** Opens a platform and what it says in its log. */
async function opened(folder: string) {
  const said: string[] = []
  const log = pino({ level: 'warn', base: null }, { write: (line: string) => { said.push((JSON.parse(line) as { msg: string }).msg) } })
  return { ...await openPlace({ folder, log }), said }
}

describe.each(['export:staged', 'export:written', 'export:named'])('killed at %s', (point) => {
  test('[X14] the next start clears it away and says so; the tenant is as it was, and can be exported', { timeout: 60_000 }, async () => {
    const { platform, folder, stop } = await openPlace()
    const id = await makeCommune(platform)
    await stop()
    const file = join(temporaryFolder(), 'x.tar')
    expect(await dieAt(point, 'export', folder, file)).toBe('SIGKILL')
    const after = await opened(folder)
    expect(after.said).toContainEqual(expect.stringContaining('an export was cut short'))
    expect(readdirSync(join(folder, 'leaving'))).toEqual([])
    // Whole or not there; half of one is never under the name that was asked for.
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([point === 'export:named', false])
    expect(existsSync(file) ? Object.keys(await contentOf(file)).length : 100).toBeGreaterThan(10)
    expect(after.platform.tenants.byId(id)?.info.slug).toBe('aytre')
    await exportTo(after.platform, file)
    expect(Object.keys(await contentOf(file)).length).toBeGreaterThan(10)
  })
})

let exported: Awaited<ReturnType<typeof sharedExport>> | undefined
beforeAll(async () => { exported = await sharedExport() })
afterAll(() => { if (exported !== undefined) rmSync(exported.folder, { recursive: true, force: true }) })

const BEFORE = ['import:read', 'import:rehearsed', 'import:placing', 'import:files-placed', 'import:databases-placed', 'import:audit-written']
const AFTER = ['import:committed', 'import:activated']

describe.each([...BEFORE, ...AFTER])('killed at %s', (point) => {
  test('[X14] the next start undoes or finishes it and says so; never is half a tenant there', { timeout: 60_000 }, async () => {
    const { file = '', id = '' } = exported ?? {}
    const { folder, stop } = await openPlace()
    await stop()
    expect(await dieAt(point, 'import', folder, file)).toBe('SIGKILL')
    const after = await opened(folder)
    expect(after.said).toContainEqual(expect.stringContaining('an import was cut short'))
    expect(readdirSync(join(folder, 'leaving'))).toEqual([])
    const isUndone = BEFORE.includes(point)
    const traces = [after.platform.tenants.byId(id) !== undefined, existsSync(join(folder, 'files', id)), (await after.platform.storage.storesOf(id)).length > 0, (await after.platform.audit.list(id, { limit: 10 })).length > 0]
    expect(traces).toEqual(Array.from({ length: 4 }, () => !isUndone))
    if (isUndone) await after.platform.leaving.import({ file }, BY)
    expect(await after.platform.installations.list(id)).toMatchObject([{ state: 'active' }, { state: 'active' }])
    await after.platform.listen()
    await after.platform.events.settle()
    expect(await copiesOf(after.platform, id)).toEqual(['premier'])
    expect((await after.platform.accounts.findByLogin(id, 'admin'))?.name).toBe('Anne Admin')
  })
})
