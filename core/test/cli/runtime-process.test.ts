import { expect, test } from 'vitest'
import { isProcessAlive } from '../../src/process-alive.ts'
import { start, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

test('[R166] a server that is told so runs every plugin of its folder in a process of its own, from its start to its end', { timeout: 60_000 }, async () => {
  const data = temporaryFolder()
  await said(['tenant', 'create', 'Pool', '--kind', 'pool', '--data', data])
  await said(['tenant', 'create', 'Une', '--slug', 'une', '--kind', 'commune', '--data', data])
  const server = await start(['serve', '--data', data], { env: { LIBERACCES_RUNTIME: 'process' } })
  await said(['enable', 'fr.example.notices', '--tenant', 'une', '--data', data])
  const list = (await saidJson(['plugin', 'list', '--data', data])) as readonly { readonly id: string; readonly runtime: string; readonly pid: number | null; readonly state: string }[]
  expect(list.length).toBeGreaterThan(1)
  expect(list.map(({ runtime, state }) => [runtime, state])).toEqual(list.map(() => ['process', 'ready']))
  const pids = list.map(({ pid }) => pid ?? 0)
  expect([new Set(pids).size, pids.every((pid) => pid !== server.child.pid && isProcessAlive(pid))]).toEqual([list.length, true])
  expect(await (await server.get('une', '/apps/panneau/notices')).json()).toEqual([])
  expect((await server.stop()).exit).toBe(0)
  expect(pids.filter(isProcessAlive)).toEqual([])
})
