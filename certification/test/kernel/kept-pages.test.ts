import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TestClient } from '../../src/testing/test-client.ts'
import { startKernel, OPERATOR, PASSWORD, type Kernel } from './kernel-kit.ts'
import { fleetingPlugin, keptPlugin, stockPlugin, type Making } from './kept-plugins.tsx'

const HTML = { headers: { accept: 'text/html' } }
const MINUTE = 60_000
const newMaking = (): Making => ({ made: new Map(), gate: undefined, reached: undefined })

/** An agent whose pages are asked for as they are kept, and made anew: a page that may bring a notice is never kept. */
async function agentOf(kernel: Kernel, index: number, number: number) {
  const tenantId = kernel.tenantId(index)
  const { accounts } = kernel.platform
  const login = `agent-${index}-${number}`
  const account = await accounts.findByLogin(tenantId, login) ?? await accounts.create(tenantId, { login, name: `Agent ${number}`, password: PASSWORD, roles: ['agent'] }, OPERATOR)
  const { token } = await kernel.platform.sessions.open(tenantId, account.id)
  const client = new TestClient(kernel.port, kernel.platform.tenants.byId(tenantId)?.hosts[0] ?? '', { cookie: { name: 'liberacces_session', value: token } })
  const page = async (path: string, more: string): Promise<string> => {
    const { status, text } = await client.get(path, { headers: { ...HTML.headers, cookie: `liberacces_session=${token}${more}` } })
    return status === 200 ? text : String(status)
  }
  return { id: account.id, tenantId, client, kept: (path: string) => page(path, ''), anew: (path: string) => page(path, '; notice=none') }
}

type Step =
  | { readonly do: 'look' }
  | { readonly do: 'write' | 'undo' | 'stock' | 'rename' | 'roles' | 'grant' | 'move' | 'off-and-on' | 'accent' | 'disable'; readonly where: number }
  | { readonly do: 'setting'; readonly where: number; readonly heading: string }
  | { readonly do: 'later'; readonly ms: number }

const where = fc.integer({ min: 0, max: 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ do: 'look' } as const),
  fc.record({ do: fc.constantFrom('write', 'undo', 'stock', 'rename', 'roles', 'grant', 'move', 'off-and-on', 'accent', 'disable'), where }),
  fc.record({ do: fc.constant('setting'), where, heading: fc.constantFrom('Un', 'Deux') }),
  fc.record({ do: fc.constant('later'), ms: fc.constantFrom(1, 1_000, 5 * MINUTE, 9 * 60 * MINUTE) }),
)

test('[S6] whatever happens between two looks at a page, the second shows what is true then', { timeout: 120_000 }, async () => {
  const making = newMaking()
  await using kernel = await startKernel({ plugins: [stockPlugin, keptPlugin(making, making)], tenants: 2 })
  const { platform, outside } = kernel
  let turn = 0
  const take = async (one: Step, agents: readonly Awaited<ReturnType<typeof agentOf>>[]): Promise<void> => {
    if (one.do === 'look') return
    if (one.do === 'later') { outside.advance(one.ms); return }
    const agent = agents[one.where]
    if (agent === undefined) return
    const { tenantId } = agent
    turn += 1
    switch (one.do) {
      case 'write': await agent.client.post('/apps/kept/', { text: `note ${turn}`, number: outside.now() + (turn % 3) * 500 }); break
      case 'undo': await agent.client.post('/apps/kept/undone', {}); break
      case 'stock': await agent.client.post('/apps/stock/', {}); break
      case 'rename': await platform.accounts.updateProfile(tenantId, agent.id, { name: `Agent ${turn}` }, OPERATOR); break
      case 'roles': await platform.accounts.setRoles(tenantId, agent.id, turn % 2 === 0 ? ['agent'] : ['agent', 'tenant-admin'], OPERATOR); break
      case 'disable': await platform.accounts.disable(tenantId, agent.id, OPERATOR); break
      case 'grant': await platform.roles.decide(tenantId, [{ role: 'agent', permission: 'fr.test.kept/read', granted: turn % 2 === 0 }], OPERATOR); break
      case 'move': await agent.client.submit('/bureau/organiser', { tile: 'fr.test.kept.0', move: turn % 2 === 0 ? 'down' : 'hide' }); break
      case 'accent': await platform.settings.set(tenantId, 'fr.liberacces.kernel', { accent: turn % 2 === 0 ? '#003366' : '#1f4e79', welcome: '', contact: '' }, OPERATOR); break
      case 'setting': await platform.settings.set(tenantId, 'fr.test.kept', { heading: one.heading }, OPERATOR); break
      case 'off-and-on':
        if (platform.installations.modules(tenantId).byId.has('fr.test.stock')) await platform.installations.disable(tenantId, 'fr.test.stock', OPERATOR)
        else await platform.installations.enable(tenantId, 'fr.test.stock', '*', OPERATOR)
        break
      default: one satisfies never
    }
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
    const agents = [await agentOf(kernel, 0, turn), await agentOf(kernel, 1, turn)]
    const check = async (after: string): Promise<void> => {
      for (const agent of agents) for (const path of ['/bureau', '/', '/bureau?lang=en']) expect([after, path, await agent.kept(path)]).toEqual([after, path, await agent.anew(path)])
    }
    await check('start')
    for (const one of steps) {
      await take(one, agents)
      await check(JSON.stringify(one))
    }
  }), { numRuns: 25 })
})

test('[S6] a page is made once for one person, and again for another, in another language, or after a minute', async () => {
  const making = newMaking()
  await using kernel = await startKernel({ plugins: [keptPlugin(making, making)], tenants: 2 })
  const [one, other, elsewhere] = [await agentOf(kernel, 0, 1), await agentOf(kernel, 0, 2), await agentOf(kernel, 1, 1)]
  const made = (): number | undefined => making.made.get('notes')
  const [first, second] = [await one.kept('/bureau'), await one.kept('/bureau')]
  expect([made(), first === second]).toEqual([1, true])
  expect((await other.kept('/bureau')).includes('Agent 2')).toBe(true)
  expect((await elsewhere.kept('/bureau')).includes('Commune 2')).toBe(true)
  expect(made()).toBe(3)
  expect((await one.kept('/bureau?lang=en')).includes('Tile')).toBe(true)
  expect(made()).toBe(4)
  kernel.outside.advance(MINUTE)
  await one.kept('/bureau')
  expect(made()).toBe(5)
  expect([await kernel.visitor().get('/', HTML), await kernel.visitor().get('/', HTML)].map(({ status }) => status)).toEqual([200, 200])
  expect(making.made.get('block')).toBe(1)
})

test('[S6] a page that is shown again comes with the headers it was made with', async () => {
  const making = newMaking()
  await using kernel = await startKernel({ plugins: [keptPlugin(making, making)] })
  const agent = await agentOf(kernel, 0, 1)
  const look = async (): Promise<object> => {
    const { status, text, headers: { date: _date, traceparent: _traceparent, ...headers } } = await agent.client.get('/bureau', HTML)
    return { status, text, headers }
  }
  expect(await look()).toEqual(await look())
  expect(making.made.get('notes')).toBe(1)
})

test('[S6] what changes while a page is made is in the next one', async () => {
  const making = newMaking()
  await using kernel = await startKernel({ plugins: [keptPlugin(making, making)] })
  const agent = await agentOf(kernel, 0, 1)
  const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  making.gate = gate.promise
  making.reached = () => { reached.resolve() }
  const looking = agent.kept('/bureau')
  await reached.promise
  await agent.client.post('/apps/kept/', { text: 'meanwhile', number: 1 })
  gate.resolve()
  expect((await looking).includes('0 waited for')).toBe(true)
  expect((await agent.kept('/bureau')).includes('1 waited for')).toBe(true)
})

test.for(['now', 'id', 'fetch', 'log', 'transaction', 'signal', 'throws'] as const)('[S6] a page with a tile that uses "%s" is made each time', async (reason) => {
  const making = newMaking()
  await using kernel = await startKernel({ plugins: [fleetingPlugin(making, reason)] })
  const agent = await agentOf(kernel, 0, 1)
  for (let look = 1; look <= 3; look += 1) {
    await agent.kept('/bureau')
    expect(making.made.get(reason)).toBe(look)
  }
})
