import { definePlugin, defineService, Type } from '@liberacces/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { OPERATOR, PASSWORD, startKernel, type Kernel } from './kernel-kit.ts'
import { COMMON } from './plugin-parts.ts'

const MINUTE = 60_000
const Source = defineService('fr.test.source/v1', { where: { input: Type.Object({}), output: Type.String() } })
const words = { fr: {}, en: {} }

/** Says on which tenant it runs, to whoever may read, and to whoever may write. */
const canary = definePlugin()({
  ...COMMON, id: 'fr.test.canary', path: 'canary', title: { fr: 'Canari' }, scopes: [], messages: words,
  permissions: { read: { title: { fr: 'Lire' }, roles: ['agent'] }, write: { title: { fr: 'Écrire' }, roles: ['agent'] } },
  setup(k) {
    k.route({ method: 'GET', path: '/here', audience: 'agent', permission: 'read', summary: 'Read', response: { 200: Type.String() } }, async (c) => c.reply(200, c.tenant.slug))
    k.route({ method: 'POST', path: '/here', audience: 'agent', permission: 'write', summary: 'Write', body: Type.Object({}), response: { 200: Type.String() } }, async (c) => c.reply(200, c.tenant.slug))
  },
})
/** The same by a contract. */
const source = definePlugin()({
  ...COMMON, id: 'fr.test.source', path: 'source', title: { fr: 'Source' }, scopes: [], messages: words,
  setup(k) { k.provide(Source, (c) => ({ where: () => c.tenant.slug })) },
})
const probe = definePlugin()({
  ...COMMON, id: 'fr.test.probe', path: 'probe', title: { fr: 'Sonde' }, scopes: [], optional: { 'fr.test.source/v1': '*' }, messages: words,
  setup(k) {
    k.route({ method: 'GET', path: '/', audience: 'public', summary: 'Ask', response: { 200: Type.String() } }, async (c) => c.reply(200, (await c.useOptional(Source)?.where({})) ?? ''))
  },
})

type Act =
  | { readonly do: 'grant'; readonly to: number; readonly writes: boolean; readonly minutes: number; readonly role: 'agent' | 'citizen' }
  | { readonly do: 'close' | 'approve'; readonly which: number }
  | { readonly do: 'policy'; readonly to: number; readonly required: boolean }
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'offer'; readonly from: number; readonly to: number; readonly what: 'accounts' | 'fr.test.source/v1' }
  | { readonly do: 'accept' | 'end'; readonly to: number; readonly what: 'accounts' | 'fr.test.source/v1' }
  | { readonly do: 'invite'; readonly to: number; readonly who: number; readonly roles: readonly string[] }
  /** All that it takes for guests, or for a contract, one after the other. */
  | { readonly do: 'share'; readonly to: number; readonly what: 'accounts' | 'fr.test.source/v1'; readonly roles: readonly string[] }
  | { readonly do: 'move'; readonly which: number; readonly to: number }
  | { readonly do: 'office'; readonly held: boolean }

const index = fc.nat({ max: 30 })
const WHAT = fc.constantFrom('accounts' as const, 'fr.test.source/v1' as const)
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('grant' as const), to: index, writes: fc.boolean(), minutes: fc.constantFrom(15, 60), role: fc.constantFrom('agent' as const, 'agent' as const, 'citizen' as const) }) },
  fc.record({ do: fc.constantFrom('close' as const, 'approve' as const), which: index }),
  fc.record({ do: fc.constant('policy' as const), to: index, required: fc.boolean() }),
  fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 14, 15, 50) }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('offer' as const), from: index, to: index, what: WHAT }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('accept' as const, 'accept' as const, 'end' as const), to: index, what: WHAT }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('invite' as const), to: index, who: index, roles: fc.constantFrom(['agent'], ['agent'], ['citizen'], []) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('share' as const), to: index, what: WHAT, roles: fc.constantFrom(['agent'], ['citizen']) }) },
  fc.record({ do: fc.constant('move' as const), which: index, to: index }),
  fc.record({ do: fc.constant('office' as const), held: fc.boolean() }),
)
/** The parent of each tenant is one of those before it (0: the Pool), and whether it is a satellite. */
const tree = fc.array(fc.record({ parent: index, satellite: fc.boolean() }), { minLength: 3, maxLength: 6 })
const scenario = fc.noBias(fc.record({ tree, acts: fc.array(act, { minLength: 10, maxLength: 24 }) }))

/** What the law says, told apart from how the kernel decides: every reason that somebody may be somewhere. */
interface World {
  readonly now: () => number
  readonly places: { readonly id: string; readonly slug: string; readonly satellite: boolean; parent: number; asks: boolean }[]
  readonly grants: { readonly id: string; readonly to: number; readonly writes: boolean; readonly role: string; readonly minutes: number; opened: number | undefined; over: boolean }[]
  readonly offers: Map<string, { from: number; accepted: boolean }>
  readonly guests: Map<string, readonly string[]>
  office: boolean
}

const isShared = (world: World, to: number, what: string): number | undefined => {
  const offer = world.offers.get(`${to} ${what}`)
  return offer?.accepted === true && world.places[to]?.satellite === true && world.places[to].parent === offer.from ? offer.from : undefined
}

test('[T25] whatever the tree, and whatever is granted, shared, taken back or moved: one reads and changes where one belongs, where one was let in, and nowhere else', async () => {
  await using kernel = await startKernel({ plugins: [canary, source, probe], tenants: 0 })
  let round = 0
  const seen = new Set<string>()
  await fc.assert(fc.asyncProperty(scenario, async ({ tree: shape, acts }) => {
    const { world, people, operator } = await grow(kernel, shape, round += 1)
    for (const [number, each] of acts.entries()) {
      await perform(kernel, world, people, operator, each)
      if (number % 3 === 2 || number === acts.length - 1) await look(kernel, world, people, operator, seen)
    }
  }), { numRuns: 8, seed: 20_261_126 })
  // A law that nobody ever came near would prove nothing.
  for (const way of ['home', 'guest', 'grant that reads', 'grant that writes', 'contract'] as const) expect([way, seen.has(way)]).toEqual([way, true])
}, 180_000)

interface Person { readonly id: string; readonly home: number }

async function grow({ platform, outside }: Kernel, shape: readonly { readonly parent: number; readonly satellite: boolean }[], round: number): Promise<{ world: World; people: readonly Person[]; operator: string }> {
  const pool = platform.tenants.pool()
  if (pool === undefined) throw new Error('There is no Pool.')
  const world: World = { now: () => outside.now(), places: [{ id: pool.id, slug: 'pool', satellite: false, parent: -1, asks: false }], grants: [], offers: new Map(), guests: new Map(), office: true }
  const people: Person[] = []
  for (const [number, { parent: wanted, satellite }] of shape.entries()) {
    // Mostly below a commune, so that there is somebody to share with.
    const parent = number === 0 || wanted % 4 === 0 ? wanted % world.places.length : 1 + (wanted % number)
    const slug = `t${round}-${number}`
    const tenant = await platform.tenants.create({ kind: satellite ? 'satellite' : 'commune', name: slug, slug, parent: world.places[parent]?.slug ?? 'pool' }, OPERATOR)
    world.places.push({ id: tenant.id, slug, satellite, parent, asks: false })
    await platform.installations.enableTogether(tenant.id, satellite ? ['fr.test.canary', 'fr.test.probe'] : ['fr.test.canary', 'fr.test.source'], OPERATOR)
    people.push({ id: (await platform.accounts.create(tenant.id, { login: 'somebody', name: slug, password: PASSWORD, roles: ['agent', 'tenant-admin'] }, OPERATOR)).id, home: number + 1 })
  }
  const operator = (await platform.accounts.create(pool.id, { login: `operator-${round}`, name: 'Operator', password: PASSWORD, roles: ['pool-admin'] }, OPERATOR)).id
  return { world, people, operator }
}

/** Everybody tries every tenant by every session that could be made for them, through the front; each tenant's probe asks its contract. */
async function look(kernel: Kernel, world: World, people: readonly Person[], operator: string, seen: Set<string>): Promise<void> {
  const { platform } = kernel
  for (const [place, { id, slug, satellite }] of world.places.entries()) {
    if (place === 0) continue
    const tries = [
      ...people.flatMap((person) => [
        { who: person.id, entrance: undefined, may: person.home === place ? 'write' : 'nothing' },
        ...[...new Set([person.home, world.places[place]?.parent ?? 0])].map((home) => ({
          who: person.id, entrance: { kind: 'guest', homeId: world.places[home]?.id ?? '' } as const,
          may: home === person.home && isShared(world, place, 'accounts') === home && world.guests.get(`${place} ${person.id}`)?.includes('agent') === true ? 'write' : 'nothing',
        })),
      ]),
      { who: operator, entrance: undefined, may: 'nothing' },
      ...world.grants.flatMap(({ id: grantId, to, writes, role, minutes, opened, over }) => [operator, people[0]?.id ?? ''].map((who) => ({
        who, entrance: { kind: 'grant', grantId, endsAt: Infinity } as const,
        may: who === operator && world.office && to === place && role === 'agent' && !over && opened !== undefined && world.now() < opened + minutes * MINUTE ? (writes ? 'write' : 'read') : 'nothing',
      }))),
    ]
    const tenant = platform.tenants.byId(id)
    if (tenant === undefined) throw new Error(`There is no ${slug}.`)
    for (const { who, entrance, may } of tries) {
      if (may !== 'nothing') seen.add(entrance === undefined ? 'home' : entrance.kind === 'guest' ? 'guest' : `grant that ${may}s`)
      const { token } = await platform.sessions.open(id, who, undefined, entrance)
      const csrf = (await platform.sessions.resolve(token, tenant))?.csrfToken ?? 'none'
      const client = new TestClient(kernel.port, `${slug}.localhost`, { cookie: { name: 'liberacces_session', value: token } })
      const read = await client.get('/apps/canary/here')
      const written = await client.post('/apps/canary/here', {}, { headers: { 'x-csrf-token': csrf } })
      const did = [read, written].map((answer) => (answer.status === 200 ? answer.json() : undefined))
      expect([slug, entrance, ...did]).toEqual([slug, entrance, may === 'nothing' ? undefined : slug, may === 'write' ? slug : undefined])
    }
    if (!satellite) continue
    const from = isShared(world, place, 'fr.test.source/v1')
    if (from !== undefined && from !== 0 && world.places[from]?.satellite === false) seen.add('contract')
    const asked = await new TestClient(kernel.port, `${slug}.localhost`).get('/apps/probe/')
    expect([slug, asked.json()]).toEqual([slug, from === undefined || from === 0 || world.places[from]?.satellite === true ? '' : world.places[from]?.slug])
  }
}

/** Asks the kernel to do it, and notes it in the world if it was done. */
async function perform(kernel: Kernel, world: World, people: readonly Person[], operator: string, wish: Act): Promise<void> {
  const { platform, outside } = kernel
  const place = (number: number): number => 1 + (number % (world.places.length - 1))
  /** Mostly a satellite, where there is one: elsewhere sharing is only refused. */
  const below = (number: number): number => {
    const satellites = world.places.flatMap(({ satellite }, at) => (satellite ? [at] : []))
    return satellites.length === 0 || number % 5 === 0 ? place(number) : (satellites[number % satellites.length] ?? place(number))
  }
  const idOf = (number: number): string => world.places[number]?.id ?? ''
  const by = (number: number) => ({ kind: 'account', id: people[number - 1]?.id ?? '', name: 'somebody' }) as const
  const done = async (call: Promise<unknown>): Promise<boolean> => call.then(() => true, (error: { code?: string }) => {
    if (error.code === undefined) throw error
    return false
  })
  switch (wish.do) {
    case 'grant': {
      const to = place(wish.to)
      if (!world.office) return
      // One at a time.
      const isThere = world.grants.some((one) => one.to === to && !one.over && (one.opened === undefined || world.now() < one.opened + one.minutes * MINUTE))
      const grant = await platform.grants.request({ tenantId: idOf(to), operatorId: operator, role: wish.role, writes: wish.writes, minutes: wish.minutes, reason: 'Essai de la loi' }, { kind: 'account', id: operator, name: 'Operator' })
        .catch((error: { readonly code?: string }) => {
          if (!isThere || error.code !== 'GRANT_INVALID') throw error
        })
      if (grant === undefined) return
      if (isThere) throw new Error('An operator was given a second grant beside one that is open or waits.')
      world.grants.push({ id: grant.id, to, writes: wish.writes, role: wish.role, minutes: wish.minutes, opened: world.places[to]?.asks === true ? undefined : world.now(), over: false })
      return
    }
    case 'close':
    case 'approve': {
      const grant = world.grants[wish.which % Math.max(1, world.grants.length)]
      if (grant === undefined) return
      if (wish.do === 'close') {
        if (await done(platform.grants.close(grant.id, by(grant.to)))) grant.over = true
      } else if (await done(platform.grants.approve(idOf(grant.to), grant.id, by(grant.to)))) grant.opened = world.now()
      return
    }
    case 'policy': {
      const to = place(wish.to)
      await platform.grants.requireApproval(idOf(to), wish.required, by(to))
      const there = world.places[to]
      if (there !== undefined) there.asks = wish.required
      return
    }
    case 'pass':
      outside.advance(wish.minutes * MINUTE)
      return
    case 'offer': {
      const to = below(wish.to)
      const from = wish.from % 4 === 0 ? wish.from % world.places.length : (world.places[to]?.parent ?? 0)
      const before = world.offers.get(`${to} ${wish.what}`)
      const call = platform.shares.offer(idOf(from), idOf(to), { what: wish.what }, from === 0 ? OPERATOR : by(from))
      if (await done(call)) {
        if (world.places[to]?.satellite !== true || world.places[to].parent !== from) throw new Error('Something was shared with nobody\'s satellite.')
        world.offers.set(`${to} ${wish.what}`, { from, accepted: before?.from === from && before.accepted })
      }
      return
    }
    case 'accept': {
      const to = below(wish.to)
      const offer = world.offers.get(`${to} ${wish.what}`)
      if (await done(platform.shares.accept(idOf(to), wish.what, by(to))) && offer !== undefined) offer.accepted = true
      return
    }
    case 'end': {
      const to = below(wish.to)
      if (!await done(platform.shares.end(idOf(to), wish.what, by(to)))) return
      world.offers.delete(`${to} ${wish.what}`)
      if (wish.what === 'accounts') for (const key of [...world.guests.keys()].filter((one) => one.startsWith(`${to} `))) world.guests.delete(key)
      return
    }
    case 'invite': {
      const to = below(wish.to)
      const home = isShared(world, to, 'accounts')
      // Logins are the same everywhere: whoever is meant is the one of the tenant above.
      const guest = people.find((person) => person.home === home)
      if (await done(platform.guests.setRoles(idOf(to), 'somebody', wish.roles, by(to)))) {
        if (guest === undefined) throw new Error('Somebody was invited whom nobody shares.')
        world.guests.set(`${to} ${guest.id}`, wish.roles)
      }
      return
    }
    case 'share':
      for (const step of [{ do: 'offer', from: 1, to: wish.to, what: wish.what }, { do: 'accept', to: wish.to, what: wish.what }, ...(wish.what === 'accounts' ? [{ do: 'invite', to: wish.to, who: 0, roles: wish.roles } as const] : [])] as const) {
        await perform(kernel, world, people, operator, step)
      }
      return
    case 'move': {
      const [which, to] = [place(wish.which), wish.to % world.places.length]
      const there = world.places[which]
      if (there !== undefined && await done(platform.tenants.move(there.slug, world.places[to]?.slug ?? '', OPERATOR))) there.parent = to
      return
    }
    case 'office':
      await platform.accounts.setRoles(idOf(0), operator, wish.held ? ['pool-admin'] : ['agent'], OPERATOR)
      world.office = wish.held
      return
    default: wish satisfies never
  }
}
