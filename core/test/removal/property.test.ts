import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { onPostgres } from '../run-environment.ts'
import { bytesUnder, contentOf, decideAll, GOES, namesUnder, OPERATOR, rowsWith, STAYS, temporaryPlace, write } from './removal-kit.tsx'

type Step = 'write' | 'write elsewhere' | 'write at the other tenant' | 'deliver' | 'decide' | 'off and on' | 'upgrade' | 'tick'

const STEPS: Readonly<Record<Step, (platform: Platform, ids: readonly [string, string]) => Promise<unknown>>> = {
  'write': (platform, [id]) => write(platform, id, GOES, 'a'),
  'write elsewhere': (platform, [id]) => write(platform, id, STAYS, 'b'),
  'write at the other tenant': (platform, [, id]) => write(platform, id, GOES, 'c'),
  'deliver': (platform) => platform.events.settle(),
  'decide': async (platform, [id]) => decideAll(platform, id, `person-${(await platform.accounts.list(id)).total}`),
  'off and on': async (platform, [id]) => { await platform.installations.disable(id, GOES, OPERATOR); await platform.installations.enable(id, GOES, '*', OPERATOR) },
  'upgrade': (platform, [id]) => platform.installations.upgrade(id, GOES, { range: '1.1.0', by: OPERATOR }),
  'tick': (platform) => platform.scheduler.settle(),
}

test('[U2] however a plugin was used: after its purge nothing of it stands anywhere, and all of the other is as it was', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(STEPS) as Step[]), { minLength: 0, maxLength: 12 }), async (steps) => {
    const place = temporaryPlace()
    const platform = await place.open()
    await platform.tenants.create({ kind: 'pool', name: 'Pool d’essai' }, OPERATOR)
    const ids: string[] = []
    for (const name of ['commune-1', 'commune-2']) {
      const { id } = await platform.tenants.create({ kind: 'commune', name, slug: name }, OPERATOR)
      ids.push(id)
      await platform.installations.enable(id, GOES, '1.0.0', OPERATOR)
      await platform.installations.enable(id, STAYS, '*', OPERATOR)
    }
    await platform.listen()
    const both = ids as unknown as readonly [string, string]
    for (const step of steps) await STEPS[step](platform, both)
    await platform.installations.disable(both[0], GOES, OPERATOR)
    await platform.events.settle()
    const rest = async () => ({
      stays: await contentOf(platform, both[0], STAYS), other: await contentOf(platform, both[1], GOES),
      files: await bytesUnder(place.folder, [`files/${both[0]}/${STAYS}`, `files/${both[1]}`]),
      rows: await rowsWith(platform, (row) => !isOfGoing(row, both[0]), ['audit', 'installation', 'dirty']),
    })
    const before = await rest()
    const { residue } = await platform.removal.purge(both[0], GOES, OPERATOR)
    expect(Object.values(residue).filter((count) => count > 0)).toEqual([])
    expect(await rowsWith(platform, (row) => isOfGoing(row, both[0]))).toEqual([])
    expect(namesUnder(place.folder).filter((name) => name.includes(both[0]) && (name.endsWith(GOES) || name.includes(`${GOES}.sqlite`) || name.includes(`${GOES}/`)))).toEqual([])
    expect((await deliveriesTo(platform, both[0]))).toEqual([])
    expect(await rest()).toEqual(before)
    await platform.stop()
  }), { numRuns: onPostgres ? 6 : 12, seed: 20261126 })
})

/** Rows of the tenant that speak of the plugin; those of tiles and of roles know their tenant by the account alone. */
function isOfGoing(row: string, tenantId: string): boolean {
  const speaks = row.includes(`"${GOES}"`) || row.includes(`${GOES}/`) || /fr\.test\.full\.\d/.test(row) || row.includes('agent.goes')
  return speaks && (row.includes(tenantId) || row.startsWith('layout') || row.startsWith('account_role'))
}

async function deliveriesTo(platform: Platform, tenantId: string): Promise<readonly unknown[]> {
  return platform.storage.kernelStore({ tenantId, pluginId: STAYS }).selectFrom('liberacces_delivery').selectAll().where('subscriber', '=', GOES).execute()
}
