import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

const RELEASES = fileURLToPath(new URL('../fixtures/releases', import.meta.url))
const ID = 'fr.test.tally'

/** A Pool with two communes that run the first release. */
async function twoCommunes(): Promise<{ readonly json: (...args: readonly string[]) => Promise<unknown>; readonly text: (...args: readonly string[]) => ReturnType<typeof said> }> {
  const rest = ['--data', temporaryFolder(), '--plugins', RELEASES]
  const json = (...args: readonly string[]): Promise<unknown> => saidJson([...args, ...rest])
  await json('tenant', 'create', 'Pool', '--kind', 'pool')
  for (const name of ['Aytré', 'La Rochelle']) {
    await json('tenant', 'create', name, '--kind', 'commune')
    await json('enable', `${ID}@1.0.0`, '--tenant', name === 'Aytré' ? 'aytre' : 'la-rochelle')
  }
  return { json, text: (...args) => said([...args, ...rest]) }
}

test('[L23] upgrade and rollback move one tenant by command, and say how the data went along', async () => {
  const { json, text } = await twoCommunes()
  expect(await json('upgrade', ID, '--tenant', 'aytre', '--rehearse')).toMatchObject({ tenant: 'aytre', state: 'go', from: '1.0.0', to: '1.1.0' })
  expect(await json('upgrade', ID, '--tenant', 'aytre')).toMatchObject({ plugin: ID, tenant: 'aytre', state: 'upgraded', to: '1.1.0' })
  expect(await json('tenant', 'show', 'aytre')).toMatchObject({ lock: { plugins: [{ id: ID, version: '1.1.0' }] } })
  expect(await json('tenant', 'show', 'la-rochelle')).toMatchObject({ lock: { plugins: [{ id: ID, version: '1.0.0' }] } })
  expect(await json('rollback', ID, '--tenant', 'aytre')).toMatchObject({ tenant: 'aytre', plugin: ID, from: '1.1.0', to: '1.0.0', way: 'code', lostChanges: false })
  expect((await text('upgrade', ID, '--tenant', 'aytre')).err).toMatch(/^aytre: rehearsing on a copy of the data…\naytre: waiting for calls under way to end…\naytre: copying the data to go back to…\naytre: migrating…\n$/)
  expect((await text('rollback', ID, '--tenant', 'aytre')).err).toMatch(/^aytre: waiting for calls under way to end…\n[^]*bringing the data back…\n$/)
  const refused = await text('rollback', ID, '--tenant', 'aytre')
  expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining('ROLLBACK_IMPOSSIBLE') })
})

test('[L23] upgrade --all goes from tenant to tenant, tells each, and finds nothing more to do the next time', async () => {
  const { json, text } = await twoCommunes()
  const { exit, out, err } = await text('upgrade', ID, '--all')
  expect(exit).toBe(0)
  expect(err).toMatch(/\[1\/2\] (aytre|la-rochelle): fr\.test\.tally moved from 1\.0\.0 to 1\.1\.0 in \d+ ms\./)
  expect(out).toMatch(/la-rochelle +upgraded +1\.0\.0 +1\.1\.0/)
  expect(await json('upgrade', ID, '--all')).toMatchObject({ done: 2, failed: 0, left: 0, waiting: 0 })
  expect(await json('upgrade', ID, '--all', '--rehearse')).toMatchObject({ go: 0, unchanged: 2, noGo: 0 })
  expect(await text('upgrade', 'fr.test.misspelt', '--all')).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('PLUGIN_UNKNOWN') })
  expect(await text('upgrade', ID)).toMatchObject({ exit: 2, err: expect.stringContaining('--all') })
  expect(await text('upgrade', `${ID}@1.0.0`, '--tenant', 'aytre')).toMatchObject({ exit: 1, err: expect.stringContaining('PLUGIN_DOWNGRADE') })
})
