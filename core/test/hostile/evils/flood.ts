import { attempt, evil } from '../evil-plugin.ts'
import { frame, writeRaw } from '../wire.ts'

const LINES = 400_000

/** Says more than anybody can hear. */
export default evil('flood', async (c, { way }) => {
  switch (way) {
    case 'log': for (let line = 0; line < LINES; line += 1) c.log.warn(`line ${line}`, { filler: 'x'.repeat(200) }); break
    case 'large log': {
      // Past the host program, which would cut them; of whichever call is under way.
      const filler = 'x'.repeat(3_000_000)
      for (let line = 0; line < 200; line += 1) writeRaw(frame(JSON.stringify({ kind: 'log', call: (line % 20) + 1, level: 'info', message: 'large', detail: { filler } })))
      break
    }
    case 'stderr': for (let line = 0; line < LINES; line += 1) process.stderr.write(`${'e'.repeat(500)}\n`); break
    case 'stderr without lines': for (let piece = 0; piece < 200; piece += 1) process.stderr.write('e'.repeat(1_000_000)); break
    case 'frames': {
      const pong = frame('{"kind":"pong","id":1}')
      const many = Buffer.concat(Array.from({ length: 1_000 }, () => pong))
      for (let round = 0; round < 1_000; round += 1) writeRaw(many)
      break
    }
    case 'shared frames': {
      const many = frame('{"kind":"pong","id":1}\n'.repeat(100_000).trimEnd())
      for (let round = 0; round < 10; round += 1) writeRaw(many)
      break
    }
    case 'raw log': {
      const line = frame(JSON.stringify({ kind: 'log', call: 1, level: 'info', message: 'x'.repeat(100) }))
      const many = Buffer.concat(Array.from({ length: 1_000 }, () => line))
      for (let round = 0; round < 1_000; round += 1) writeRaw(many)
      break
    }
    case 'questions': await Promise.all(Array.from({ length: 50_000 }, () => attempt('ask', () => c.db.selectNoFrom([]).execute()))); break
    default: throw new Error(`There is no way ${String(way)}.`)
  }
  return [{ what: String(way), got: 'done: nobody stopped it' }]
}, { callMs: 8_000 })
