import { expect, test } from 'vitest'
import { reportReleases } from '../../../src/health/release-reports.ts'
import { isProcessAlive } from '../../../src/process-alive.ts'
import { BY, idOf, member, openMembers, WAIT } from './group-kit.ts'

const BOTH = `small=${idOf('a')}+${idOf('b')}`
const LONG = { timeout: 60_000 }

test('[R190] plugins of a group share one process, and answer as they would alone: routes, tables, services between two of them, events, tenants kept apart', LONG, async () => {
  const { ask, pids, platform, processOf } = await openMembers(['a', 'b', 'c'], BOTH)
  const [a, b, c] = pids()
  expect([a === b, a === c, a === undefined]).toEqual([true, false, false])
  expect(processOf('a')?.group).toEqual({ name: 'small', isApart: false })
  expect(processOf('c')?.group).toBeUndefined()
  expect((await ask('/apps/member-a/notes', { method: 'POST' })).status).toBe(200)
  await platform.events.settle()
  const seen = async (letter: string, slug = 'aytre') => JSON.parse((await ask(`/apps/member-${letter}/work`, { slug })).body) as unknown
  // Each has its own module, its own tables, its own tenants.
  expect(await seen('a')).toEqual({ calls: 1, notes: 2, said: { by: 'member-a', version: '1.0.0', tenant: 'aytre', text: '' } })
  expect(await seen('b')).toEqual({ calls: 1, notes: 1, said: { by: 'member-b', version: '1.0.0', tenant: 'aytre', text: '' } })
  expect(await seen('c')).toMatchObject({ calls: 1, notes: 1 })
  expect(await seen('b', 'nieul')).toMatchObject({ calls: 2, notes: 0, said: { tenant: 'nieul' } })
  expect(JSON.parse((await ask('/apps/member-a/ask')).body)).toEqual({ by: 'member-b', version: '1.0.0', tenant: 'aytre', text: 'à côté' })
  // What each was seen to use is its own.
  const used = (letter: string): readonly string[] => processOf(letter)?.used.map(({ scope }) => scope) ?? []
  expect(used('a')).toContain('use:fr.test.member-other-echo/v1'.replace('other', 'b'))
  expect(used('b')).toEqual(['db'])
})

test('[R192] one that leaves a group takes its code along: the others go on in a new process, and no call fails', LONG, async () => {
  const { ask, pids, platform, processOf } = await openMembers(['a', 'b'], BOTH)
  const [first = 0] = pids()
  const waiting = ask('/apps/member-a/end/wait')
  await expect.poll(() => processOf('a')?.inFlight, WAIT).toBe(1)
  let isOver = false
  const statuses = new Set<number>()
  const load = Array.from({ length: 4 }, async () => { while (!isOver) statuses.add((await ask('/apps/member-a/work')).status) })
  for (const slug of ['aytre', 'nieul']) await platform.installations.disable(platform.tenants.bySlug(slug)?.id ?? '', idOf('b'), BY)
  await expect.poll(() => [undefined, first].includes(pids()[0]), WAIT).toBe(false)
  expect((await waiting).status).toBe(200)
  await expect.poll(() => isProcessAlive(first), WAIT).toBe(false)
  isOver = true
  await Promise.all(load)
  expect([...statuses]).toEqual([200])
  expect(await platform.health.crashes.latest(10)).toEqual([])
  // It comes back to the process that is there.
  const [second] = pids()
  await platform.installations.enable(platform.tenants.bySlug('aytre')?.id ?? '', idOf('b'), '*', BY)
  expect(pids()).toEqual([second, second])
})

test('[R192] two versions of a plugin share the process of its group, each with its own code; an upgrade in use fails no call', LONG, async () => {
  const { ask, pids, platform, processOf } = await openMembers(['a', 'b'], BOTH, [member('b', '1.1.0')], { b: '1.0.0' })
  const [aytre = '', nieul = ''] = ['aytre', 'nieul'].map((slug) => platform.tenants.bySlug(slug)?.id)
  const version = async (slug: string): Promise<unknown> => (JSON.parse((await ask('/apps/member-b/work', { slug })).body) as { readonly said: { readonly version: string } }).said.version
  expect([await version('aytre'), await version('nieul')]).toEqual(['1.0.0', '1.0.0'])
  const [first = 0] = pids()
  await platform.installations.upgrade(aytre, idOf('b'), { range: '1.1.0', by: BY })
  expect([await version('aytre'), await version('nieul'), processOf('b')?.pid, processOf('b', '1.1.0')?.pid]).toEqual(['1.1.0', '1.0.0', first, first])
  let isOver = false
  const statuses = new Set<number>()
  const load = ['a', 'b', 'b'].map(async (letter) => { while (!isOver) statuses.add((await ask(`/apps/member-${letter}/work`, { slug: 'nieul' })).status) })
  await platform.installations.upgrade(nieul, idOf('b'), { range: '1.1.0', by: BY })
  await expect.poll(() => isProcessAlive(first), WAIT).toBe(false)
  isOver = true
  await Promise.all(load)
  expect([...statuses]).toEqual([200])
  expect([await version('aytre'), await version('nieul'), processOf('b')]).toEqual(['1.1.0', '1.1.0', undefined])
  expect(processOf('b', '1.1.0')?.pid).toBe(pids()[0])
})

test('[R192] one that an operator stops says no more at once, and its code is gone with the process; the others are not disturbed', LONG, async () => {
  const { ask, pids, platform } = await openMembers(['a', 'b'], BOTH)
  const [first = 0] = pids()
  await platform.health.halts.stop(idOf('b'), undefined, 'a leak was reported', BY)
  expect([(await ask('/apps/member-a/work')).status, (await ask('/apps/member-b/work')).status]).toEqual([200, 503])
  await expect.poll(() => isProcessAlive(first), WAIT).toBe(false)
  expect([(await ask('/apps/member-a/work')).status, await platform.health.crashes.latest(10)]).toEqual([200, []])
  await platform.health.halts.start(idOf('b'), undefined, BY)
  await expect.poll(() => new Set(pids()).size, WAIT).toBe(1)
  expect((await ask('/apps/member-b/work')).status).toBe(200)
})

test('[R193] what one of a group tried and may not do is blamed on it by name, and on no other one', LONG, async () => {
  const { ask, lines } = await openMembers(['a', 'b'], BOTH)
  expect((await ask('/apps/member-b/end/denied')).status).toBe(200)
  const tried = () => lines.filter(({ msg }) => msg === 'a plugin tried what its process may not do')
  await expect.poll(() => tried().length, WAIT).toBeGreaterThan(0)
  expect([...new Set(tried().map(({ plugin }) => plugin))]).toEqual([idOf('b')])
})

test('[R196] operators see who shares a process, what it has of memory once, and what a group names in vain', LONG, async () => {
  const { ask, platform, processOf, pids, lines } = await openMembers(['a', 'b', 'c'], `${BOTH}+fr.test.nobody`)
  const reports = async () => (await reportReleases(platform)).map(({ pluginId, pid, group }) => [pluginId.at(-1), pid, group])
  const [a, b, c] = pids()
  const other = (letter: string) => ({ pluginId: idOf(letter), version: '1.0.0' })
  expect(await reports()).toEqual([['a', a, { name: 'small', isApart: false, with: [other('b')] }], ['b', b, { name: 'small', isApart: false, with: [other('a')] }], ['c', c, undefined]])
  const { body } = await ask('/metrics')
  expect(body.match(/^liberacces_(process_group|plugin)_memory_bytes\{.*(?=\} \d)/gm)).toEqual([`liberacces_plugin_memory_bytes{plugin="${idOf('c')}"`, 'liberacces_process_group_memory_bytes{group="small"'])
  expect(lines.filter(({ msg }) => String(msg).startsWith('LIBERACCES_PROCESS_GROUPS')).map(({ plugins }) => plugins)).toEqual([['fr.test.nobody']])
  await ask('/apps/member-b/end/exit')
  await expect.poll(() => processOf('b')?.pid, WAIT).toBeDefined()
  expect((await reports()).map((report) => report[2])).toEqual([{ name: 'small', isApart: false, with: [] }, { name: 'small', isApart: true, with: [] }, undefined])
})
