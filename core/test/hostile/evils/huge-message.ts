import { evil } from '../evil-plugin.ts'
import { head, writeRaw } from '../wire.ts'

const GIB = 1_073_741_824
const MIB = 1_048_576

/** Sends a message of a gibibyte, or begins to. */
export default evil('huge-message', (c, { way }) => {
  if (way === 'answer') return [{ what: 'an answer of 40 MB', got: 'x'.repeat(40_000_000) }]
  if (way === 'parts') return Array.from({ length: 300_000 }, () => ({})) as never
  if (way === 'log') {
    c.log.warn('x'.repeat(30_000_000))
    return [{ what: 'a line of 30 MB', got: 'done: said' }]
  }
  // 4 GiB is the most that a length can say.
  const length = way === 'largest' ? 0xffff_ffff : GIB
  writeRaw(head(length, length - 4))
  const filler = Buffer.alloc(MIB, 0x20)
  let taken = 0
  for (let sent = 0; sent < 1_024; sent += 1) taken += writeRaw(filler)
  return [{ what: 'a gibibyte', got: `done: ${taken} bytes were taken` }]
}, { callMs: 8_000, memoryMb: 256 })
