import { evil } from '../evil-plugin.ts'
import { frame, writeMessage, writeRaw } from '../wire.ts'

/** Answers calls that are not its own, answers twice, and asks on behalf of calls that it guesses. */
export default evil('answers-for-others', (_, { way, tenantId = '' }) => {
  const forged = { kind: 'reply', status: 200, body: [{ what: 'forged', got: 'done: forged' }], headers: {} }
  switch (way) {
    case 'unknown calls': for (let id = 1_000_000; id < 1_000_050; id += 1) writeMessage({ kind: 'result', id, value: forged }); break
    case 'all numbers': for (let id = 1; id < 2_000; id += 1) writeMessage({ kind: 'result', id, value: forged }); break
    case 'calls that ended': for (let call = 1; call < 200; call += 1) writeMessage({ kind: 'ask', id: 1_000_000 + call, call, what: 'files.get', with: { id: tenantId } }); break
    case 'twice': {
      const answers = Array.from({ length: 2_000 }, (_unused, index) => frame(JSON.stringify({ kind: 'result', id: index + 1, value: forged })))
      writeRaw(Buffer.concat([...answers, ...answers]))
      break
    }
    default: throw new Error(`There is no way ${String(way)}.`)
  }
  return [{ what: String(way), got: 'done: said' }]
})
