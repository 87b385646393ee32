import { describe, expect, test } from 'vitest'
import { createAudit } from '../../src/audit/audit.ts'
import type { Outside } from '../../src/outside.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { createCommunes } from '../../src/tenancy/communes.ts'
import { createTenants, type Tenants, type TenantsOptions } from '../../src/tenancy/tenants.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const BY = { kind: 'operator', id: 'operator', name: 'Opérateur' } as const
const communes = createCommunes()

async function open(storage: Storage, outside: Outside, more: Partial<TenantsOptions> = {}): Promise<Tenants> {
  return createTenants({ storage, outside, audit: createAudit({ storage, outside }), communes, baseDomain: 'localhost', ...more })
}

async function withPool(more: Partial<TenantsOptions> = {}) {
  const outside = new FakeOutside()
  const storage = await runStorage({ outside })
  const tenants = await open(storage, outside, more)
  const pool = await tenants.create({ kind: 'pool', siren: '241700434' }, BY)
  return { outside, storage, tenants, pool, audit: createAudit({ storage, outside }) }
}

describe('finding', () => {
  test('[T1] a host leads to its tenant whatever its case, port and final dot, and nothing else leads anywhere', async () => {
    const { tenants, pool } = await withPool()
    const tenant = await tenants.create({ kind: 'commune', insee: '17300', hosts: ['www.larochelle.example'] }, BY)
    expect(['la-rochelle.localhost', 'LA-Rochelle.LOCALHOST:3000', 'la-rochelle.localhost.', 'www.larochelle.example:443'].map((host) => tenants.byHost(host)))
      .toEqual([tenant, tenant, tenant, tenant])
    expect(tenants.byHost('pool.localhost')).toBe(pool)
    expect(['localhost', 'x.la-rochelle.localhost', 'la-rochelle', 'la-rochelle.localhost.evil.example', 'la-rochelle.localhost@evil', '', '..', '[::1]', 'la-rochelle.localhost:99999999']
      .map((host) => tenants.byHost(host))).toEqual(Array.from({ length: 9 }, () => undefined))
  })

  test('[T7] what was changed is there after a restart, and a tenant handed out before stays as it was', async () => {
    const { tenants, storage, outside } = await withPool()
    const before = await tenants.create({ kind: 'commune', insee: '17300' }, BY)
    await tenants.rename('la-rochelle', 'Ville de La Rochelle', BY)
    await tenants.addHost('la-rochelle', 'Mairie-Écully.example', BY)
    await tenants.create({ kind: 'satellite', name: 'CCAS de La Rochelle', parent: 'la-rochelle' }, BY)
    const again = await open(storage, outside)
    expect(again.list()).toEqual(tenants.list())
    expect(again.list().map(({ info }) => info.name)).toEqual(['CA de La Rochelle', 'CCAS de La Rochelle', 'Ville de La Rochelle'])
    expect(again.bySlug('la-rochelle')?.hosts).toEqual(['la-rochelle.localhost', 'xn--mairie-cully-heb.example'])
    expect([before.info.name, before.hosts]).toEqual(['La Rochelle', ['la-rochelle.localhost']])
    expect([before, before.info, before.hosts].every(Object.isFrozen)).toBe(true)
  })

  test('[T8] 35 000 tenants are in memory within a second', async () => {
    const { storage, outside, pool } = await withPool()
    await storage.platformTransaction(async (tx) => {
      for (let first = 0; first < 35_000; first += 500) {
        await tx.insertInto('tenant').values(Array.from({ length: 500 }, (_, index) => ({
          id: `t-${first + index}`, slug: `commune-${first + index}`, name: `Commune ${first + index}`, kind: 'commune' as const, parent_id: pool.id,
          siren: null, insee: null, population: 500, created_at: 0,
        }))).execute()
      }
    })
    const start = process.cpuUsage()
    const tenants = await open(storage, outside)
    // Of this process alone, whatever else runs on the machine.
    const { user, system } = process.cpuUsage(start)
    const tookMs = (user + system) / 1_000
    expect(tenants.byHost('commune-34999.localhost')?.id).toBe('t-34999')
    expect(tenants.childrenOf(pool.id)).toHaveLength(35_000)
    expect(tookMs).toBeLessThan(1_000)
  })
})

describe('making', () => {
  test('[T4] a commune is made from its INSEE code alone', async () => {
    const { tenants, pool } = await withPool()
    const { info, parentId } = await tenants.create({ kind: 'commune', insee: '17300' }, BY)
    expect(parentId).toBe(pool.id)
    expect(info).toEqual({ slug: 'la-rochelle', name: 'La Rochelle', kind: 'commune', siren: '211703004', insee: '17300', population: expect.any(Number) as number })
    expect(info.population).toBeGreaterThan(70_000)
    expect(pool.info).toMatchObject({ slug: 'pool', name: 'CA de La Rochelle', siren: '241700434' })
    await expect(tenants.create({ kind: 'commune', insee: '17999' }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID', fields: { name: expect.stringContaining('17999') as string } })
  })

  test('[T4] the register knows every commune of today, by codes and numbers that pass our checks', async () => {
    const epci = await communes.findEpci('241700434')
    expect(epci?.members).toHaveLength(28)
    const found = await Promise.all((epci?.members ?? []).map((insee) => communes.find(insee)))
    expect(found.map((commune) => commune?.insee)).toEqual(epci?.members)
    // 01015 names a commune and, by the same code, one of its déléguées.
    expect((await communes.find('01015'))?.name).toBe('Arboys en Bugey')
    expect([await communes.find('75101'), await communes.find('x'), await communes.findEpci('000000000')]).toEqual([undefined, undefined, undefined])
  })

  test('[T4] a satellite does not take the numbers of its commune', async () => {
    const { tenants } = await withPool()
    await tenants.create({ kind: 'commune', insee: '17300' }, BY)
    const { info } = await tenants.create({ kind: 'satellite', name: 'CCAS', insee: '17300', parent: 'la-rochelle' }, BY)
    expect(info).toEqual({ slug: 'ccas', name: 'CCAS', kind: 'satellite', siren: undefined, insee: '17300', population: undefined })
  })

  test('[T5] what another tenant has cannot be taken', async () => {
    const { tenants } = await withPool()
    await tenants.create({ kind: 'commune', insee: '17300', hosts: ['www.larochelle.example'] }, BY)
    const taken = [
      { kind: 'commune', name: 'La Rochelle' },
      { kind: 'commune', name: 'Autre', insee: '17300' },
      { kind: 'satellite', name: 'Autre', siren: '211703004' },
      { kind: 'satellite', name: 'Autre', hosts: ['WWW.larochelle.example.'] },
      { kind: 'pool', name: 'Deuxième' },
    ] as const
    for (const wish of taken) await expect(tenants.create(wish, BY)).rejects.toMatchObject({ code: 'TENANT_EXISTS' })
    await expect(tenants.create({ kind: 'commune', name: 'La Rochelle', siren: '210500013' }, BY)).rejects.toMatchObject({ fix: expect.stringContaining('la-rochelle-2') as string })
    expect(tenants.list()).toHaveLength(2)
  })

  test('[T5] a description is refused with every field that is wrong', async () => {
    const { tenants } = await withPool()
    const wish = { kind: 'commune', name: ' ', slug: 'Pas Bon', insee: '20004', siren: '123456789', population: -1, hosts: ['x.localhost'] } as const
    const refused = await tenants.create(wish, BY).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'TENANT_INVALID' })
    expect(Object.keys((refused as { fields: object }).fields).sort()).toEqual(['hosts', 'insee', 'name', 'population', 'siren', 'slug'])
    for (const slug of ['pool', 'www', 'admin', 'api', 'a--b', '-a', 'a.b', 'a'.repeat(64)]) {
      await expect(tenants.create({ kind: 'commune', name: 'Nom', slug }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID', fields: { slug: expect.any(String) as string } })
    }
    for (const host of ['localhost', 'la-rochelle.localhost', '127.0.0.1', 'nue', 'a b.example', 'http://a.example']) {
      await expect(tenants.create({ kind: 'commune', name: 'Nom', hosts: [host] }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID', fields: { hosts: expect.any(String) as string } })
    }
  })

  test('[T10] of two that ask for the same slug at the same moment one gets it', async () => {
    const { tenants } = await withPool()
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => tenants.create({ kind: 'commune', name: 'Nieul' }, BY)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code: string }).code] : []))).toEqual(['TENANT_EXISTS', 'TENANT_EXISTS'])
  })
})

describe('the tree', () => {
  test('[T6] the Pool is the root, and the only one', async () => {
    const outside = new FakeOutside()
    const tenants = await open(await runStorage({ outside }), outside)
    await expect(tenants.create({ kind: 'commune', name: 'Seule' }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    await expect(tenants.create({ kind: 'pool', name: 'Pool', parent: 'pool' }, BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    const pool = await tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    await expect(tenants.create({ kind: 'commune', name: 'Seule', parent: 'nulle-part' }, BY)).rejects.toMatchObject({ code: 'TENANT_UNKNOWN' })
    await expect(tenants.move('pool', 'pool', BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    expect(tenants.pool()).toBe(pool)
  })

  test('[T6] a tenant cannot stand below itself, and none is deleted while others stand below it', async () => {
    const { tenants, pool } = await withPool()
    const commune = await tenants.create({ kind: 'commune', insee: '17300' }, BY)
    const ccas = await tenants.create({ kind: 'satellite', name: 'CCAS', parent: 'la-rochelle' }, BY)
    expect(tenants.ancestorsOf(ccas.id)).toEqual([commune, pool])
    expect(tenants.childrenOf(commune.id)).toEqual([ccas])
    await expect(tenants.move('la-rochelle', 'ccas', BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    await expect(tenants.move('la-rochelle', 'la-rochelle', BY)).rejects.toMatchObject({ code: 'TENANT_INVALID' })
    await expect(tenants.delete('la-rochelle', BY)).rejects.toMatchObject({ code: 'TENANT_NOT_EMPTY', message: expect.stringContaining('"ccas"') as string })
    await tenants.move('ccas', 'pool', BY)
    await tenants.delete('la-rochelle', BY)
    expect(tenants.byHost('la-rochelle.localhost')).toBeUndefined()
    await expect(tenants.delete('la-rochelle', BY)).rejects.toMatchObject({ code: 'TENANT_UNKNOWN' })
    await tenants.create({ kind: 'commune', insee: '17300' }, BY)
  })

  test('[Z1] a groupement is named by its SIREN alone, stands directly below the Pool, and has communes below it', async () => {
    const { tenants, pool } = await withPool()
    const epci = await tenants.create({ kind: 'epci', siren: '200041762' }, BY)
    expect(epci).toMatchObject({ parentId: pool.id, info: { name: 'CA Rochefort Océan', slug: 'ca-rochefort-ocean', kind: 'epci', population: expect.any(Number) as number } })
    const commune = await tenants.create({ kind: 'commune', insee: '17299', parent: 'ca-rochefort-ocean' }, BY)
    expect(tenants.ancestorsOf(commune.id)).toEqual([epci, pool])
    const misplaced = { code: 'TENANT_INVALID', fields: { parent: expect.stringContaining('directly below the Pool') as string } }
    await expect(tenants.create({ kind: 'epci', siren: '200041614', parent: 'rochefort' }, BY)).rejects.toMatchObject(misplaced)
    await tenants.create({ kind: 'epci', siren: '200041614' }, BY)
    await expect(tenants.move('ca-rochefort-ocean', 'cc-aunis-sud', BY)).rejects.toMatchObject(misplaced)
  })

  test('[T9] a deleted tenant takes its rows with it, leaves its audit trail, and stays when its data cannot be dropped', async () => {
    let broken = true
    const { tenants, storage, audit, pool } = await withPool({ dropData: async () => { if (broken) throw new Error('disk') } })
    const { id } = await tenants.create({ kind: 'commune', insee: '17300', hosts: ['www.larochelle.example'] }, BY)
    await storage.platform.insertInto('setting').values({ tenant_id: id, plugin_id: 'fr.example.x', value_json: '{}', updated_at: 0 }).execute()
    await expect(tenants.delete('la-rochelle', BY)).rejects.toThrow('disk')
    expect(tenants.bySlug('la-rochelle')?.id).toBe(id)
    broken = false
    await tenants.delete('la-rochelle', BY)
    expect(await storage.platform.selectFrom('setting').selectAll().execute()).toEqual([])
    expect(await storage.platform.selectFrom('host').selectAll().execute()).toEqual([])
    const actions = async (tenantId: string) => (await audit.list(tenantId, { limit: 10 })).map(({ action }) => action)
    expect(await actions(id)).toEqual(['tenant.deleted', 'tenant.created'])
    expect(await actions(pool.id)).toEqual(['tenant.deleted', 'tenant.created', 'tenant.created'])
  })

  test('[T1] a host that was added can be taken away again, and another tenant cannot have it meanwhile', async () => {
    const { tenants } = await withPool()
    await tenants.create({ kind: 'commune', insee: '17300' }, BY)
    const added = await tenants.addHost('la-rochelle', 'www.larochelle.example', BY)
    expect(tenants.byHost('www.larochelle.example')).toBe(added)
    await expect(tenants.addHost('pool', 'www.larochelle.example', BY)).rejects.toMatchObject({ code: 'TENANT_EXISTS' })
    await tenants.removeHost('la-rochelle', 'www.larochelle.example', BY)
    await tenants.removeHost('la-rochelle', 'www.larochelle.example', BY)
    expect(tenants.byHost('www.larochelle.example')).toBeUndefined()
    await tenants.addHost('pool', 'www.larochelle.example', BY)
  })
})
