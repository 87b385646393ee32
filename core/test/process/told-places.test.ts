import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownPlaces } from '../../src/process/host/known-places.ts'
import { placeFacts } from '../../src/process/call-facts.ts'
import { ToldPlaces } from '../../src/process/told-places.ts'
import { CallContext, type ContextPorts } from '../../src/runtime/call-context.ts'
import { CallLimit } from '../../src/runtime/call-limit.ts'

const MANIFEST = { id: 'fr.test.places', permissions: {}, requires: {}, optional: {} }

interface Tenant {
  readonly id: string
  settings: object
  accepted: ReadonlySet<string>
  host: string
}

function contextOn({ id, settings, accepted, host }: Tenant): CallContext {
  const origin = { tenant: { id, info: INFOS[Number(id)] }, principal: {}, locale: 'fr', reads: undefined }
  return new CallContext({ baseUrl: () => host } as unknown as ContextPorts, { manifest: MANIFEST } as never, origin as never, { settings, accepted }, new CallLimit({}))
}

const INFOS = Array.from({ length: 6 }, (_, number) => Object.freeze({ slug: `t${number}`, name: `Tenant ${number}`, kind: 'commune' as const }))

test('[R183] a plugin’s process knows at each call what holds on its tenant, however many there are, whatever changes and whatever could not be told', () => {
  const step = fc.record({ tenant: fc.nat(5), change: fc.constantFrom('nothing', 'settings', 'granted', 'host'), isLost: fc.boolean() })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
    const [told, known] = [new ToldPlaces(most), new KnownPlaces()]
    const tenants = INFOS.map((_, id): Tenant => ({ id: String(id), settings: {}, accepted: new Set(), host: 'https://a' }))
    for (const [count, { tenant: number, change, isLost }] of steps.entries()) {
      const tenant = tenants[number] as Tenant
      if (change === 'settings') tenant.settings = { count }
      else if (change === 'granted') tenant.accepted = new Set([`scope-${count}`])
      else if (change === 'host') tenant.host = `https://${count}`
      const c = contextOn(tenant)
      const place = told.of(c)
      expect(place.place).toBeLessThanOrEqual(most)
      if (isLost) told.forget(c)
      const knows = isLost ? placeFacts(c) : known.of({ ...structuredClone(place), kind: 'call', id: 1, target: { at: 'check' }, input: undefined })
      expect(knows).toEqual(placeFacts(c))
    }
  }))
})

test('[R183] it is told once, and cannot be changed for the calls after it', () => {
  const [told, known] = [new ToldPlaces(), new KnownPlaces()]
  const tenant: Tenant = { id: '1', settings: { rooms: ['one'] }, accepted: new Set(), host: 'https://a' }
  const first = told.of(contextOn(tenant))
  expect([first.told?.tenant.slug, told.of(contextOn(tenant))]).toEqual(['t1', { place: first.place }])
  const facts = known.of({ ...structuredClone(first), kind: 'call', id: 1, target: { at: 'check' }, input: undefined })
  if (facts === undefined) throw new Error('It knows nothing.')
  const { settings, tenant: info } = facts
  expect(() => { (settings as { rooms: string[] }).rooms.push('two') }).toThrow(TypeError)
  expect(() => { Object.assign(info, { slug: 'other' }) }).toThrow(TypeError)
})
