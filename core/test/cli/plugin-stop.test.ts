import { expect, test } from 'vitest'
import { start, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const ID = 'fr.example.notices'

test('[V9] [V11] plugin stop and start act in the server that runs; plugin list, doctor and the audit trail say so', { timeout: 60_000 }, async () => {
  const data = temporaryFolder()
  await said(['tenant', 'create', 'Pool', '--kind', 'pool', '--slug', 'pool', '--data', data])
  await said(['tenant', 'create', 'Une', '--slug', 'une', '--kind', 'commune', '--data', data])
  await said(['enable', ID, '--tenant', 'une', '--data', data])
  const server = await start(['serve', '--data', data])
  expect((await server.get('une', '/apps/panneau/notices')).status).toBe(200)

  expect(await said(['plugin', 'stop', ID, '--data', data])).toMatchObject({ exit: 2, err: expect.stringContaining('--reason') as string })
  expect(await said(['plugin', 'stop', 'fr.test.nobody', '--reason', 'x', '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_UNKNOWN)') as string })
  expect(await said(['plugin', 'stop', ID, '--reason', 'a leak was reported', '--data', data])).toMatchObject({ exit: 0, out: expect.stringContaining(`Stopped ${ID}.`) as string })
  expect((await server.get('une', '/apps/panneau/notices')).status).toBe(503)
  const list = await saidJson(['plugin', 'list', '--data', data]) as readonly { readonly id: string }[]
  expect(list.find(({ id }) => id === ID)).toMatchObject({ state: 'stopped', runtime: 'inline', pid: null, breakers: [], halt: { kind: 'stopped', version: null, reason: 'a leak was reported' } })
  expect((await said(['doctor', '--data', data])).out).toMatch(/fr\.example\.notices has been stopped \(by .*\) since .*: a leak was reported/)

  expect(await said(['plugin', 'start', ID, '--data', data])).toMatchObject({ exit: 0, out: `${ID} was stopped and may run again.\n` })
  expect((await server.get('une', '/apps/panneau/notices')).status).toBe(200)
  expect(await said(['plugin', 'start', ID, '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_STATE)') as string })
  expect((await said(['doctor', '--data', data])).out).not.toContain('has been stopped')
  expect((await said(['audit', 'list', '--tenant', 'pool', '--data', data])).out).toMatch(/plugin\.started[\s\S]*plugin\.stopped/)
})
