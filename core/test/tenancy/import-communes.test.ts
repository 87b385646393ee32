import { expect, test } from 'vitest'
import { createAudit } from '../../src/audit/audit.ts'
import type { Outside } from '../../src/outside.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createCommunes } from '../../src/tenancy/communes.ts'
import { registerSlugs } from '../../src/tenancy/register-slugs.ts'
import { isSlug, RESERVED_SLUGS } from '../../src/tenancy/slug.ts'
import { createTenants, type Tenants } from '../../src/tenancy/tenants.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'operator', name: 'Opérateur' } as const
const communes = createCommunes()
const DEPARTEMENT_17 = { kind: 'departement', code: '17' } as const

const open = (storage: Storage, outside: Outside): Promise<Tenants> => createTenants({ storage, outside, audit: createAudit({ storage, outside }), communes, baseDomain: 'localhost' })

async function withPool(outside: Outside = new FakeOutside(), siren?: string) {
  const folder = temporaryFolder()
  const storage = await runStorage({ folder, outside })
  const tenants = await open(storage, outside)
  const pool = await tenants.create({ kind: 'pool', name: 'Pool', ...(siren === undefined ? {} : { siren }) }, BY)
  return { folder, outside, storage, tenants, pool, audit: createAudit({ storage, outside }) }
}

test('[Z2] the 34 969 communes and 1 255 EPCI of the register get slugs of which none is there twice, and homonyms the one of their département', async () => {
  const register = await communes.all()
  const slugs = registerSlugs(register)
  const first = [...register.communes.map((commune) => slugs.commune(commune)[0] ?? ''), ...register.epcis.map((epci) => slugs.epci(epci)[0] ?? '')]
  expect([register.communes.length, register.epcis.length, new Set(first).size]).toEqual([34_969, 1_255, 34_969 + 1_255])
  expect(first.filter((slug) => !isSlug(slug) || RESERVED_SLUGS.has(slug))).toEqual([])
  const slugOf = (insee: string) => slugs.commune(register.communes.find((commune) => commune.insee === insee) ?? { insee, name: '', siren: undefined, population: undefined })[0]
  expect(['17300', '70450', '97411', '93066', '2A004'].map(slugOf)).toEqual(['la-rochelle', 'la-rochelle-70', 'saint-denis-974', 'saint-denis-93', 'ajaccio'])
})

test('[Z2] the communes of a département stand below their EPCI, those without one below the Pool; a restart finds them', async () => {
  const { tenants, pool, storage, outside, audit } = await withPool()
  const seen: (readonly [number, number])[] = []
  const { made, existing, problems } = await tenants.importCommunes({ kind: 'departement', code: '22' }, BY, { progress: (done, total) => { seen.push([done, total]) } })
  expect([existing.length, problems, seen[0], seen.at(-1)]).toEqual([0, [], [0, made.length], [made.length, made.length]])
  const parentOf = (slug: string) => tenants.byId(tenants.bySlug(slug)?.parentId ?? '')?.info
  expect([parentOf('lannion')?.name, parentOf('lannion')?.kind, parentOf('ile-de-brehat')?.kind]).toEqual(['CA Lannion-Trégor Communauté', 'epci', 'pool'])
  expect(tenants.bySlug('lannion')).toMatchObject({ hosts: ['lannion.localhost'], info: { kind: 'commune', insee: '22113', siren: '212201131', population: expect.any(Number) as number } })
  expect((await open(storage, outside)).list()).toEqual(tenants.list())
  const trail = async (tenantId: string) => (await audit.list(tenantId, { limit: 10 })).map(({ action, actor, detail }) => ({ action, by: actor.name, detail }))
  expect(await trail(tenants.bySlug('lannion')?.id ?? '')).toEqual([{ action: 'tenant.created', by: 'Opérateur', detail: { slug: 'lannion', name: 'Lannion', kind: 'commune' } }])
  expect((await trail(pool.id))[0]).toEqual({ action: 'tenant.imported', by: 'Opérateur', detail: { tenants: made.length, scope: 'département 22' } })
})

test('[Z2] run again, or for a larger scope, it makes what is missing and touches nothing else', async () => {
  const { tenants } = await withPool()
  const own = await tenants.create({ kind: 'commune', insee: '17300', slug: 'larochelle' }, BY)
  const first = await tenants.importCommunes({ kind: 'epci', siren: '241700434' }, BY)
  expect([first.made.length, first.existing.length, tenants.byId(own.id)]).toEqual([28, 1, own])
  const department = await tenants.importCommunes(DEPARTEMENT_17, BY)
  expect(department.existing).toHaveLength(29)
  const before = tenants.list()
  const third = await tenants.importCommunes(DEPARTEMENT_17, BY)
  expect([third.made, third.existing.length, third.problems]).toEqual([[], 29 + department.made.length, []])
  expect(tenants.list()).toBe(before)
  const again = await withPool()
  await again.tenants.importCommunes(DEPARTEMENT_17, BY)
  const slugs = (of: Tenants) => of.list().map(({ info }) => info.slug).filter((slug) => !/^la-?rochelle$/.test(slug)).toSorted()
  expect(slugs(tenants)).toEqual(slugs(again.tenants))
})

test('[Z2] where the Pool is the EPCI itself, its communes stand right below it; what is taken is named and left out', async () => {
  const { tenants, pool } = await withPool(undefined, '241700434')
  await tenants.create({ kind: 'satellite', name: 'Régie', siren: '211700281' }, BY)
  const { made, problems } = await tenants.importCommunes({ kind: 'epci', siren: '241700434' }, BY)
  expect([made.length, new Set(made.map(({ parentId }) => parentId)).size, made[0]?.parentId]).toEqual([27, 1, pool.id])
  expect(problems).toEqual([{ code: '17028', name: 'Aytré', reason: 'The SIREN 211700281 belongs to the tenant "regie".' }])
  await expect(tenants.importCommunes({ kind: 'departement', code: '20' }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
})

test('[Z2] killed between two transactions, the same import goes on from there', async () => {
  class Dying extends FakeOutside {
    left = 0
    readonly reached = (point: string): void => {
      if (point === 'import:batch' && this.left-- === 0) throw new Error('killed')
    }
  }
  const outside = new Dying()
  const { storage, tenants } = await withPool(outside)
  await expect(tenants.importCommunes({ kind: 'departement', code: '62' }, BY)).rejects.toThrow('killed')
  const second = await open(storage, new FakeOutside(outside.time + 60_000))
  const half = second.list().length
  expect(half).toBe(501)
  const { made, existing } = await second.importCommunes({ kind: 'departement', code: '62' }, BY)
  expect([existing.length, made.length > 0, second.list().length]).toEqual([half - 1, true, half + made.length])
  expect(second.list().filter(({ info }) => info.insee?.startsWith('62') === true)).toHaveLength((await communes.all()).communes.filter(({ insee }) => insee.startsWith('62')).length)
})
