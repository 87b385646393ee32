import { expect, test } from 'vitest'
import { idOf, openMembers, WAIT } from './group-kit.ts'

const BOTH = `small=${idOf('a')}+${idOf('b')}`
const ALL = `${BOTH}+${idOf('c')}`
const LONG = { timeout: 60_000 }

test('[R191] [V40] where one of a group was at work alone when its process ended, it counts against that one, which runs alone from then on; the others share the next one; the operators’ page says so', LONG, async () => {
  const { ask, readConsole, pids, platform, crashes, processOf, lines } = await openMembers(['a', 'b', 'c'], ALL)
  const [first] = pids()
  expect((await ask('/apps/member-b/end/exit')).status).toBe(503)
  await expect.poll(async () => (await Promise.all(['a', 'b', 'c'].map((letter) => ask(`/apps/member-${letter}/work`)))).map(({ status }) => status), WAIT).toEqual([200, 200, 200])
  const [a, b, c] = pids()
  expect([a === c, a === b, a === first, b === first]).toEqual([true, false, false, false])
  expect([processOf('a')?.group?.isApart, processOf('b')?.group?.isApart]).toEqual([false, true])
  await expect.poll(crashes, WAIT).toEqual(['b counts'])
  expect((await platform.health.crashes.latest(1))[0]?.why).toBe('ended by itself (exit code 3); at work in it: fr.test.member-b 1.0.0')
  expect(lines.filter(({ msg }) => String(msg).startsWith('plugins run in processes of their own from now on'))).toHaveLength(1)
  const page = await readConsole(`/etat/${idOf('b')}`)
  expect(page).toMatch(/dans son propre processus \( ?processus \d+ ?\) ?, sorti du groupe « small » après un arrêt brutal/)
  expect(page).toContain('s’est arrêté de lui-même (code 3) – étaient en cours : fr.test.member-b 1.0.0')
  expect(await readConsole('/etat')).toMatch(/dans le processus partagé « small »/)
  // An operator takes it back.
  platform.health.childOf(idOf('b'), '1.0.0')?.restart()
  await expect.poll(() => [...new Set(pids())], WAIT).toEqual([a])
})

test('[R191] where several were at work it counts against none of them, and all of them run alone; the one it was shows by its next crash', LONG, async () => {
  const { ask, pids, crashes, processOf } = await openMembers(['a', 'b', 'c'], ALL)
  const [first] = pids()
  const waiting = ask('/apps/member-a/end/wait')
  await expect.poll(() => processOf('a')?.inFlight, WAIT).toBe(1)
  expect([(await ask('/apps/member-b/end/exit')).status, (await waiting).status]).toEqual([503, 503])
  await expect.poll(() => pids().filter((pid) => pid !== undefined && pid !== first).length, WAIT).toBe(3)
  expect(new Set(pids()).size).toBe(3)
  await expect.poll(crashes, WAIT).toEqual(['a unsure', 'b unsure'])
  expect((await ask('/apps/member-b/end/exit')).status).toBe(503)
  await expect.poll(crashes, WAIT).toEqual(['a unsure', 'b counts', 'b unsure'])
})

test('[R191] an exception that nobody caught names whose code it was in, whoever else was at work', LONG, async () => {
  const { ask, crashes, processOf, pids } = await openMembers(['a', 'b'], BOTH)
  const [first] = pids()
  const waiting = ask('/apps/member-a/end/wait')
  await expect.poll(() => processOf('a')?.inFlight, WAIT).toBe(1)
  await ask('/apps/member-b/end/throw')
  expect((await waiting).status).toBe(503)
  await expect.poll(crashes, WAIT).toEqual(['b counts'])
  await expect.poll(() => pids().every((pid) => pid !== undefined && pid !== first), WAIT).toBe(true)
  expect([processOf('a')?.group?.isApart, processOf('b')?.group?.isApart]).toEqual([false, true])
})

test('[R191] a process that is killed while nobody is at work is shared again, and no more after the second time; none of them is put into quarantine', LONG, async () => {
  const { pids, crashes, platform } = await openMembers(['a', 'b'], BOTH)
  const kill = async (): Promise<void> => {
    const [pid] = pids()
    process.kill(pid ?? 0, 'SIGKILL')
    await expect.poll(() => pids().every((one) => one !== undefined && one !== pid), WAIT).toBe(true)
  }
  await kill()
  expect(new Set(pids()).size).toBe(1)
  await kill()
  expect(new Set(pids()).size).toBe(2)
  await expect.poll(crashes, WAIT).toEqual(['a unsure', 'a unsure', 'b unsure', 'b unsure'])
  expect(platform.health.halts.all).toEqual([])
})

test('[R191] one that computes without end is found out with its process, and the others go on in the next one', LONG, async () => {
  const { ask, pids, crashes, processOf } = await openMembers(['a', 'b'], BOTH)
  const [first] = pids()
  const looping = ask('/apps/member-b/end/loop')
  await expect.poll(() => processOf('b')?.inFlight, WAIT).toBe(1)
  expect((await looping).status).toBeGreaterThanOrEqual(500)
  await expect.poll(() => pids().every((pid) => pid !== undefined && pid !== first), WAIT).toBe(true)
  expect((await ask('/apps/member-a/work')).status).toBe(200)
  await expect.poll(crashes, WAIT).toEqual(['b counts'])
  expect([processOf('a')?.group?.isApart, processOf('b')?.group?.isApart]).toEqual([false, true])
})
