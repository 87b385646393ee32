import { expect, test } from 'vitest'
import type { TestAnswer } from '../../src/testing/test-client.ts'
import { FAULTS, faultyPlugin, neighbourPlugin } from './faulty-plugin.tsx'
import { startKernel, type Kernel } from './kernel-kit.ts'

const HTML = { headers: { accept: 'text/html' } }
const STATUS = { throws: 500, rejects: 500, hangs: 504, nonsense: 502 } as const
const CODE = { throws: 'PLUGIN_CALL_FAILED', rejects: 'PLUGIN_CALL_FAILED', hangs: 'PLUGIN_CALL_TIMEOUT', nonsense: 'PLUGIN_ANSWER_INVALID' } as const

const blamed = (kernel: Kernel, what: string) => kernel.log.filter((line) => line['plugin'] === 'fr.test.faulty' && line.msg.includes(what))
const start = (state: Parameters<typeof faultyPlugin>[0] = { handled: [] }, runs: string[] = []) => startKernel({ plugins: [faultyPlugin(state), neighbourPlugin(runs)], env: { LIBERACCES_BREAKER: 'off' } })

test('[R1] a route that throws, hangs or answers nonsense gets its own 5xx, tells nothing, and is blamed by name', async () => {
  await using kernel = await start()
  for (const fault of FAULTS) {
    const answer = await kernel.visitor().get(`/apps/faulty/route/${fault}`)
    expect([fault, answer.status, answer.json<{ code: string }>().code]).toEqual([fault, STATUS[fault], CODE[fault]])
    expect(answer.text).not.toMatch(/secret text|surprise|fr\.test\.faulty/)
    expect(blamed(kernel, `route GET /route/${fault}`).map((line) => line['tenant'])).toContain('commune-1')
  }
  expect(await neighbourWorks(kernel)).toBe(true)
})

test('[R1] so do a page, a form that is shown or sent, and an action', async () => {
  await using kernel = await start()
  const visitor = kernel.visitor()
  for (const fault of FAULTS) {
    const answers: Readonly<Record<string, TestAnswer>> = {
      page: await visitor.get(`/apps/faulty/page/${fault}`, HTML),
      form: await visitor.submit(`/apps/faulty/form/${fault}`, { text: 'x' }),
      action: await visitor.send('POST', `/apps/faulty/action/${fault}`, { form: {}, ...HTML }),
    }
    for (const [kind, answer] of Object.entries(answers)) {
      expect([kind, fault, answer.status]).toEqual([kind, fault, STATUS[fault]])
      expect(answer.text).toContain('<h1>')
      expect(answer.text).not.toMatch(/secret text|surprise/)
      expect(blamed(kernel, `${kind} `).some((line) => line.msg.includes(`/${kind}/${fault}`))).toBe(true)
    }
    // Fields that the form does not have are nothing to show.
    expect((await visitor.get(`/apps/faulty/initial/${fault}`, HTML)).status).toBe(fault === 'nonsense' ? 200 : STATUS[fault])
  }
  expect(await neighbourWorks(kernel)).toBe(true)
})

test('[R2] failures are counted by plugin and code, and the neighbour has none', async () => {
  await using kernel = await start()
  await kernel.visitor().get('/apps/faulty/route/throws')
  await kernel.visitor().get('/apps/faulty/route/hangs')
  await neighbourWorks(kernel)
  const metrics = (await kernel.visitor().get('/metrics')).text
  const failures = metrics.split('\n').filter((line) => line.startsWith('liberacces_plugin_failures_total{'))
  expect(failures.toSorted()).toEqual([
    'liberacces_plugin_failures_total{plugin="fr.test.faulty",code="PLUGIN_CALL_FAILED"} 1',
    'liberacces_plugin_failures_total{plugin="fr.test.faulty",code="PLUGIN_CALL_TIMEOUT"} 1',
  ])
})

test('[S2] a broken contribution costs its own place: Guichet and Bureau are whole, with what the neighbours say', async () => {
  await using kernel = await start()
  const guichet = await kernel.visitor().get('/', HTML)
  expect([guichet.status, guichet.text.includes('bloc du voisin'), guichet.text.split('slot-item-failed').length - 1]).toEqual([200, true, FAULTS.length])
  const bureau = await (await kernel.as('agent')).get('/bureau', HTML)
  expect([bureau.status, bureau.text.includes('tuile du voisin'), bureau.text.split('slot-item-failed').length - 1]).toEqual([200, true, FAULTS.length + 1])
  expect(bureau.text).not.toMatch(/secret text|surprise/)
  expect(blamed(kernel, 'contribution "title" to fr.liberacces.bureau-tile/v1').length).toBeGreaterThanOrEqual(FAULTS.length)
})

test('[S3] a contribution past the slot’s budget is a link to its own address, where it arrives by itself', async () => {
  const gate = Promise.withResolvers<void>()
  await using kernel = await startKernel({ plugins: [{ ...faultyPlugin({ handled: [], tileGate: gate.promise }), limits: { callMs: 20_000 } }, neighbourPlugin()], env: { LIBERACCES_BREAKER: 'off' } })
  const agent = await kernel.as('agent')
  const bureau = await agent.get('/bureau', HTML)
  expect(bureau.text).toContain('tuile du voisin')
  const href = /<turbo-frame[^>]*src="([^"]+)"[^>]*><p><a href="([^"]+)">[^<]*Tuile lente/.exec(bureau.text)
  expect(href?.[1]).toBe(href?.[2])
  gate.resolve()
  const alone = await agent.get(href?.[1] ?? '', HTML)
  expect([alone.status, alone.text.includes('enfin là'), alone.text.includes('<h1>Tuile lente')]).toEqual([200, true, true])
})

test('[R3] a service that throws, hangs or answers wrongly fails its caller’s call by code, and the caller can go on', async () => {
  await using kernel = await start()
  const ask = async (how: string): Promise<string> => (await kernel.visitor().get(`/apps/neighbour/ask?how=${how}`)).json<string>()
  expect([await ask('throws'), await ask('rejects'), await ask('hangs'), await ask('wrong')])
    .toEqual(['PLUGIN_CALL_FAILED', 'PLUGIN_CALL_FAILED', 'PLUGIN_CALL_TIMEOUT', 'PLUGIN_ANSWER_INVALID'])
  expect(blamed(kernel, 'service fr.test.faulty/v1 count').length).toBeGreaterThanOrEqual(3)
})

test('[R4] a handler that fails is tried again and at last a dead letter; other subjects go on meanwhile', async () => {
  const state = { handled: [] as string[] }
  await using kernel = await start(state)
  const visitor = kernel.visitor()
  for (const [who, how] of [['anne', 'rejects'], ['bob', 'well'], ['anne', 'well'], ['carl', 'hangs'], ['bob', 'well']] as const) {
    expect((await visitor.post('/apps/neighbour/poke', { who, how })).status).toBe(204)
  }
  await kernel.settle()
  expect(state.handled.toSorted()).toEqual(['anne 1', 'bob 1', 'bob 1', 'carl 1'])
  for (let hour = 0; hour < 2; hour += 1) {
    for (let minute = 0; minute < 5; minute += 1) {
      kernel.outside.advance(60_000)
      await kernel.settle()
    }
  }
  // The first of anne's was given up after eight tries; the one behind it then came.
  expect(state.handled.filter((line) => line.startsWith('anne'))).toEqual(['anne 1', 'anne 2', 'anne 3', 'anne 4', 'anne 5', 'anne 6', 'anne 7', 'anne 8', 'anne 1'])
  const dead = await kernel.platform.events.list(kernel.tenantId(), { status: 'dead', limit: 10 })
  expect(dead.map(({ subject, attempts }) => `${subject} ${attempts}`).toSorted()).toEqual(['anne 8', 'carl 8'])
  expect(await neighbourWorks(kernel)).toBe(true)
})

test('[R5] a schedule that fails or hangs past its time costs only that run', async () => {
  const runs: string[] = []
  await using kernel = await start({ handled: [] }, runs)
  for (let minute = 0; minute < 61; minute += 1) {
    kernel.outside.advance(60_000)
    await kernel.settle()
  }
  expect(runs).toHaveLength(61)
  expect(blamed(kernel, 'schedule every-minute')).toHaveLength(61)
  expect(blamed(kernel, 'schedule hourly').map((line) => line['code'])).toEqual(['PLUGIN_CALL_TIMEOUT'])
})

async function neighbourWorks(kernel: Kernel): Promise<boolean> {
  return (await kernel.visitor().get('/apps/neighbour/', HTML)).text.includes('tout va bien')
}
