import { expect, test } from 'vitest'
import { press, startNewsroom, write } from './newsroom.ts'

const SECOND = 1_000
const HTML = { headers: { accept: 'text/html' } }

test('what is kept of the Bureau and the Guichet turns at the second at which an article appears, and at the one at which it ends', async () => {
  await using platform = await startNewsroom()
  const { visitor } = platform.tenant()
  const agent = await platform.as('agent')
  const seen = async (): Promise<readonly [scheduled: boolean, shown: boolean]> => [
    (await agent.get('/bureau', HTML)).text.includes('Le marché s’agrandit'),
    (await visitor.get('/', HTML)).text.includes('Le marché s’agrandit'),
  ]
  expect(await seen()).toEqual([false, false])
  // In Paris, an hour ahead: at 09:01, and until 09:02.
  const id = await write(agent, { publishAt: '2026-03-02T09:01', expiresAt: '2026-03-02T09:02' })
  await press(agent, id, 'programmer')
  expect(await seen()).toEqual([true, false])
  platform.outside.advance(59 * SECOND)
  expect(await seen()).toEqual([true, false])
  platform.outside.advance(SECOND)
  expect(await seen()).toEqual([false, true])
  // Made a moment before the end, so that it is not its age that ends it.
  platform.outside.advance(59 * SECOND)
  expect(await seen()).toEqual([false, true])
  platform.outside.advance(SECOND)
  expect(await seen()).toEqual([false, false])
})
