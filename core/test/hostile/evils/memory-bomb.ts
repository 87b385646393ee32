import { evil } from '../evil-plugin.ts'

/** Most that it takes, in MiB: twenty times what it may, and no more, for the sake of the machine. */
const MOST_MIB = 2_000

/** Takes all the memory there is. */
export default evil('memory-bomb', (_, { way }) => {
  const held: unknown[] = []
  for (let mib = 0; mib < MOST_MIB; mib += 1) {
    // Buffers lie outside of the heap that V8 watches; filled, so that they are really there.
    if (way === 'buffers') held.push(Buffer.alloc(1_048_576, 1))
    else if (way === 'shared') held.push(new Uint8Array(new SharedArrayBuffer(1_048_576)).fill(1))
    else held.push(Array.from({ length: 16_384 }, (_unused, index) => ({ index, mib })))
  }
  return [{ what: `${MOST_MIB} MiB in ${String(way)}`, got: `done: ${held.length}` }]
}, { callMs: 10_000 })
