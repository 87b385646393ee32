import { evil } from '../evil-plugin.ts'

/** Bytes of a file, and how often it is asked for at once. */
const SIZE = 16 * 1_048_576
const TIMES = 400

/** Asks for a file hundreds of times at once, and reads none of what it is given. */
export default evil('hoards-files', async (c) => {
  const { id } = await c.files.put(new Uint8Array(SIZE), { name: 'large.bin', type: 'application/octet-stream' })
  const file = await c.files.get(id)
  const asked = await Promise.allSettled(Array.from({ length: TIMES }, async () => {
    // The first piece comes; then this side stops listening to it.
    await Promise.race([file?.bytes(), new Promise((resolve) => { setTimeout(resolve, 300) })])
  }))
  const refused = asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { readonly code?: string }).code ?? String(one.reason)] : []))
  return [{ what: 'refused', got: `${refused.length} ${[...new Set(refused)].join()}` }]
}, { scopes: ['db', 'files'], memoryMb: 512, callMs: 10_000 })
