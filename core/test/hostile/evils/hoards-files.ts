import { evil } from '../evil-plugin.ts'

/** Bytes of a file, and how often it is asked for at once. */
const SIZE = 16 * 1_048_576
const TIMES = 400
/** Of these so many cannot be had at once: a hundred contents are the most that a call holds. */
const MOST = 300

/** Asks for a file hundreds of times at once, and reads none of what it is given. */
export default evil('hoards-files', async (c) => {
  const { id } = await c.files.put(new Uint8Array(SIZE), { name: 'large.bin', type: 'application/octet-stream' })
  const file = await c.files.get(id)
  const refused: string[] = []
  const { promise: mostAreRefused, resolve } = Promise.withResolvers<undefined>()
  for (let asked = 0; asked < TIMES; asked += 1) {
    file?.bytes().catch((error: unknown) => {
      refused.push((error as { readonly code?: string }).code ?? String(error))
      if (refused.length === MOST) resolve(undefined)
    })
  }
  // What was given is held meanwhile.
  await mostAreRefused
  return [{ what: 'refused', got: `${refused.length} ${[...new Set(refused)].join()}` }]
}, { scopes: ['db', 'files'], memoryMb: 512, callMs: 10_000 })
