import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAudit } from '../../src/audit/audit.ts'
import { openEntitlements, type Entitlements } from '../../src/entitlement/entitlements.ts'
import type { PluginRule } from '../../src/entitlement/policy.ts'
import { PlatformError } from '../../src/errors.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Tenant } from '../../src/tenancy/tenant.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'operator', name: 'Opérateur' } as const
const PLUGINS = ['fr.test.a', 'fr.test.b', 'fr.test.c'] as const

/** As many as go into one statement. */
function* inLots<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += 1_000) yield items.slice(at, at + 1_000)
}

/** A tree in which tenant `n` stands below `parents[n]`; the first is the Pool. */
async function tree(parents: readonly number[], given?: Storage) {
  const storage = given ?? await runStorage()
  const all: Tenant[] = [undefined, ...parents].map((parent, number) => ({
    id: `t-${number}`, parentId: parent === undefined ? undefined : `t-${parent}`, hosts: [],
    info: { slug: `t-${number}`, name: `Tenant ${number}`, kind: number === 0 ? 'pool' as const : 'commune' as const, siren: undefined, insee: undefined, population: undefined },
  }))
  const byId = new Map(all.map((tenant) => [tenant.id, tenant]))
  const above = (id: string): readonly Tenant[] => {
    const parent = byId.get(byId.get(id)?.parentId ?? '')
    return parent === undefined ? [] : [parent, ...above(parent.id)]
  }
  await storage.platformTransaction(async (tx) => {
    for (const some of inLots(all)) {
      await tx.insertInto('tenant').values(some.map(({ id, parentId, info }) => ({ id, slug: info.slug, name: info.name, kind: info.kind, parent_id: parentId ?? null, siren: null, insee: null, population: null, created_at: 0 }))).execute()
    }
  })
  const open = (): Promise<Entitlements> => openEntitlements({ storage, audit: createAudit({ storage, outside: new FakeOutside() }), tenants: { byId: (id) => byId.get(id), ancestorsOf: above } })
  const tenant = (number: number): Tenant => all[number] ?? (() => { throw new RangeError(`no tenant ${number}`) })()
  return { all, above, open, tenant, storage }
}

test('[Q1] without a decision everything may be used, without limit', async () => {
  const { open } = await tree([0])
  const entitlements = await open()
  expect([entitlements.mayUse('t-1', 'fr.test.a'), entitlements.mayUse('t-1', 'not in any catalogue'), entitlements.quota('t-1', 'storage')]).toEqual([true, true, undefined])
})

test('[Q2] over random trees, no tenant may use what one above it may not, nor more of anything', async () => {
  const rule = fc.oneof(
    fc.constant<PluginRule>({ kind: 'all' }),
    fc.record({ kind: fc.constantFrom('all-but' as const, 'only' as const), plugins: fc.subarray([...PLUGINS]).map((ids) => new Set(ids)) }),
  )
  const step = fc.record({
    at: fc.nat(11), rule: fc.option(rule), grant: fc.subarray([...PLUGINS]), revoke: fc.subarray([...PLUGINS]), storage: fc.option(fc.nat(50), { nil: undefined }),
  })
  await fc.assert(fc.asyncProperty(
    fc.array(fc.nat(1_000), { minLength: 1, maxLength: 11 }).map((seeds) => seeds.map((seed, index) => seed % (index + 1))),
    fc.array(step, { maxLength: 12 }),
    async (parents, steps) => {
      const { all, above, open, tenant, storage } = await tree(parents)
      const live = await open()
      for (const { at, rule: decided, grant, revoke, storage: bytes } of steps) {
        const one = tenant(at % all.length)
        if (decided !== null) await live.decide(one, decided, BY)
        // One that is granted what a tenant above lacks is refused as a whole.
        await live.grant(one, grant, BY).catch((error: unknown) => { if (!(error instanceof PlatformError) || error.code !== 'PLUGIN_NOT_ENTITLED') throw error })
        await live.revoke(one, revoke, BY)
        await live.setQuotas(one, { storage: bytes }, BY)
      }
      // What was written is what holds, and holds after a restart.
      for (const entitlements of [live, await open()]) {
        const wrong = all.flatMap((one) => above(one.id).flatMap((higher) => [
          ...PLUGINS.filter((plugin) => entitlements.mayUse(one.id, plugin) && !entitlements.mayUse(higher.id, plugin)).map((plugin) => `${one.id} may use ${plugin}, ${higher.id} may not`),
          ...((entitlements.quota(one.id, 'storage') ?? Infinity) > (entitlements.quota(higher.id, 'storage') ?? Infinity) ? [`${one.id} may store more than ${higher.id}`] : []),
        ]))
        expect(wrong).toEqual([])
        expect(all.flatMap(({ id }) => PLUGINS.map((plugin) => entitlements.mayUse(id, plugin)))).toEqual(all.flatMap(({ id }) => PLUGINS.map((plugin) => live.mayUse(id, plugin))))
      }
      await storage.close()
    },
  ), { numRuns: 40 })
})

test('[Q1] what was granted or revoked holds for each one below, a sibling keeps what it has, and the decision names who made it', async () => {
  const { open, tenant } = await tree([0, 1, 0])
  const entitlements = await open()
  await entitlements.revoke(tenant(1), ['fr.test.a'], BY)
  expect([0, 1, 2, 3].map((number) => entitlements.mayUse(`t-${number}`, 'fr.test.a'))).toEqual([true, false, false, true])
  expect(() => { entitlements.requireUse('t-2', 'fr.test.a') }).toThrow(expect.objectContaining({
    code: 'PLUGIN_NOT_ENTITLED', message: expect.stringContaining('Tenant 1, above it'), fix: expect.stringContaining('grant fr.test.a --tenant t-1'),
  }))
  await expect(entitlements.grant(tenant(2), ['fr.test.b', 'fr.test.a'], BY)).rejects.toMatchObject({ code: 'PLUGIN_NOT_ENTITLED' })
  await entitlements.grant(tenant(1), ['fr.test.a'], BY)
  expect(entitlements.mayUse('t-2', 'fr.test.a')).toBe(true)
  expect(entitlements.decided()).toEqual([])
})

test('[Q3] a decision is audited where it was made; one that changes nothing writes nothing', async () => {
  const { open, tenant, storage } = await tree([0])
  const entitlements = await open()
  await entitlements.revoke(tenant(1), ['fr.test.a'], BY)
  await entitlements.revoke(tenant(1), ['fr.test.a'], BY)
  await entitlements.setQuotas(tenant(1), { storage: 10, mails: undefined }, BY)
  expect((await storage.platform.selectFrom('audit').select(['tenant_id', 'action', 'detail_json']).execute())).toEqual([
    { tenant_id: 't-1', action: 'entitlement.revoked', detail_json: '{"plugins":"fr.test.a"}' },
    { tenant_id: 't-1', action: 'quota.set', detail_json: '{"storage":10,"mails":null}' },
  ])
})

test('[Q3] a quota is a whole number from 0', async () => {
  const { open, tenant } = await tree([0])
  const entitlements = await open()
  for (const wrong of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    await expect(entitlements.setQuotas(tenant(1), { storage: wrong }, BY)).rejects.toMatchObject({ code: 'QUOTA_INVALID' })
  }
  await entitlements.setQuotas(tenant(1), { storage: 0 }, BY)
  expect(entitlements.quota('t-1', 'storage')).toBe(0)
})

test('[Q3] 35 000 tenants with decisions of their own: equal ones are one object, and a question takes microseconds', async () => {
  const { open, storage, all } = await tree(Array.from({ length: 35_000 }, (_, number) => (number < 1_250 ? 0 : 1 + (number % 1_250))))
  const rules = ['{"plugins":["all-but","fr.test.a"],"quotas":[["storage",5000000000]]}', '{"plugins":["only","fr.test.a","fr.test.b"],"quotas":[]}']
  await storage.platformTransaction(async (tx) => {
    for (const some of inLots(all.slice(1).map(({ id }, index) => ({ tenant_id: id, policy_json: rules[(index + 1) % 2] ?? '' })))) await tx.insertInto('entitlement').values(some).execute()
  })
  const began = process.cpuUsage()
  const entitlements = await open()
  const reading = process.cpuUsage(began)
  const read = process.cpuUsage()
  for (const { id } of all) entitlements.mayUse(id, 'fr.test.b')
  for (const { id } of all) entitlements.quota(id, 'storage')
  const asking = process.cpuUsage(read)
  expect(entitlements.policyOf('t-1')).toBe(entitlements.policyOf('t-34999'))
  // Of this process alone, whatever else runs on the machine; in milliseconds.
  for (const { user, system } of [reading, asking]) expect((user + system) / 1_000).toBeLessThan(1_000)
}, 60_000)
