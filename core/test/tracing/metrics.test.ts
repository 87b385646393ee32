import { readFileSync } from 'node:fs'
import { createLog } from '../../src/http/log.ts'
import { expect, test } from 'vitest'
import { openPlace, makeCommune } from '../leaving/leaving-kit.ts'

const read = (path: string): string => readFileSync(new URL(`../../../operations/${path}`, import.meta.url), 'utf8')
const NAME = /\b(?:liberacces_[a-z_]+|process_[a-z_]+)\b/g

/** The metrics of a platform that has served, delivered and failed. */
async function metricsText(): Promise<string> {
  const { platform } = await openPlace()
  const id = await makeCommune(platform)
  const { port } = await platform.listen()
  await platform.events.settle()
  await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })
  expect(id).not.toBe('')
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}

test('[O5] the dashboard and the alerts ask for metrics that exist, and the dashboard shows every one of them', { timeout: 60_000 }, async () => {
  const text = await metricsText()
  const declared = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', type = '']) => ({ name, type }))
  const exposed = new Set(declared.flatMap(({ name, type }) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name])))
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as { panels: readonly { id: number; title: string; targets: readonly { expr: string }[] }[]; templating: unknown }
  const asked = [...JSON.stringify([dashboard.panels.map(({ targets }) => targets.map(({ expr }) => expr)), dashboard.templating]).matchAll(NAME)].map(([name]) => name)
  const alerted = [...read('alerts.yaml').matchAll(/expr: (.*)/g)].flatMap(([, expr = '']) => [...expr.matchAll(NAME)].map(([name]) => name))
  expect(alerted.length).toBeGreaterThan(5)
  expect([...asked, ...alerted].filter((name) => !exposed.has(name))).toEqual([])
  expect(declared.filter(({ name }) => !asked.some((one) => one.startsWith(name))).map(({ name }) => name)).toEqual([])
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
})

test('[O6] labels are few: plugins, codes, statuses and kinds of outage, and nothing of tenants, people or paths', { timeout: 60_000 }, async () => {
  const text = await metricsText()
  const labels = new Set([...text.matchAll(/^[a-z_]+\{([^}]*)\}/gm)].flatMap(([, all = '']) => [...all.matchAll(/(\w+)="/g)].map(([, label = '']) => label)))
  expect([...labels].toSorted()).toEqual(expect.arrayContaining(['le', 'plugin', 'status']))
  expect([...labels].filter((label) => !['le', 'plugin', 'status', 'code', 'kind'].includes(label))).toEqual([])
  expect(text).not.toContain('aytre')
  // A call into a plugin's code was counted with its time: the handler of the event.
  expect(text).toMatch(/^liberacces_plugin_call_duration_seconds_count\{plugin="fr\.example\.mirror"\} [1-9]/m)
})

test('[O7] a line of the log about a request says which tenant and which trace', { timeout: 60_000 }, async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog('debug', { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } })
  const { platform } = await openPlace({ log })
  await makeCommune(platform)
  const { port } = await platform.listen()
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const { request } = await import('node:http')
  await new Promise<void>((resolve) => {
    request({ host: '127.0.0.1', port, path: '/apps/none', headers: { host: `aytre.localhost:${port}`, traceparent: `00-${trace}-00f067aa0ba902b7-01` } }, (answer) => { answer.resume().on('close', resolve) }).end()
  })
  await expect.poll(() => lines.filter(({ msg }) => msg === 'request').map(({ tenant, traceId }) => [tenant, traceId])).toEqual([['aytre', trace]])
})
