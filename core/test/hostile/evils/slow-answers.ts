import { evil } from '../evil-plugin.ts'
import { frame, writeRaw } from '../wire.ts'

/** Answers, or seems to: a byte at a time, half of it, or only when nobody waits any more. */
export default evil('slow-answers', async (c, { way }) => {
  switch (way) {
    case 'never': await new Promise(() => undefined); break
    case 'half': writeRaw(frame(JSON.stringify({ kind: 'log', call: 1, level: 'warn', message: 'half a message' })).subarray(0, 20)); await new Promise(() => undefined); break
    case 'late': {
      const { promise, resolve } = Promise.withResolvers<void>()
      c.signal.addEventListener('abort', () => { setTimeout(resolve, 50) })
      await promise
      break
    }
    case 'byte by byte': {
      const bytes = frame(JSON.stringify({ kind: 'log', call: 1, level: 'warn', message: 'x'.repeat(9_000) }))
      for (const byte of bytes) {
        writeRaw(Buffer.from([byte]))
        await new Promise((resolve) => { setImmediate(resolve) })
      }
      // The rest never comes.
      writeRaw(frame('{"kind":"pong","id":1}').subarray(0, 11))
      await new Promise(() => undefined)
      break
    }
    default: throw new Error(`There is no way ${String(way)}.`)
  }
  return [{ what: String(way), got: 'done: answered' }]
}, { callMs: 1_000 })
