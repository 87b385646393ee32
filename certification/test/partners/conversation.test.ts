import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Conversation } from '../../src/partners/conversation.ts'
import type { Answer, Partner } from '../../src/partners/partner-description.ts'

interface Spoken {
  readonly said: string
  readonly strays: readonly string[]
  /** Whether the partner hung up. */
  readonly isOver: boolean
}

/** Says these pieces one after the other, each once the partner has dealt with the one before. */
async function speak(described: Pick<Partner, 'greeting' | 'answers'>, pieces: readonly (string | Buffer)[]): Promise<Spoken> {
  const strays: string[] = []
  let canaries = 0
  const conversation = new Conversation({ host: 'bus.example', port: 1, ...described }, { canary: () => `canary-${canaries += 1}`, moved: () => undefined, strayed: (why) => { strays.push(why) } })
  const said: Buffer[] = []
  let isOver = false
  conversation.on('data', (bytes: Buffer) => { said.push(bytes) })
  conversation.on('end', () => { isOver = true })
  const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(() => { setImmediate(resolve) }) })
  await turn()
  for (const piece of pieces) {
    if (conversation.writable) conversation.write(piece)
    await turn()
  }
  conversation.destroy()
  return { said: Buffer.concat(said).toString('latin1'), strays, isOver }
}

const line: Answer = { to: [{ text: 'SAY ' }, { until: { text: '\r\n' }, as: 'word' }], say: [{ text: 'YOU SAID ' }, { kept: 'word' }, { text: '\r\n' }] }

test('[C524] a greeting comes at once; what is kept is said again; an answer that has had its times leaves its turn to the next', async () => {
  const answers: readonly Answer[] = [line, { to: [{ text: 'NEXT\r\n' }], times: 2, say: [{ count: 'item', bytes: 'text' }, { text: ' ' }, { canary: true }, { text: '\r\n' }] }, { to: [{ text: 'NEXT\r\n' }], say: [{ text: 'NONE\r\n' }], close: true }]
  expect(await speak({ greeting: [{ text: 'HELLO\r\n' }], answers }, ['SAY été\r\n', 'NEXT\r\nNEXT\r\n', 'NEXT\r\n', 'NEXT\r\n'])).toEqual({ said: Buffer.from('HELLO\r\nYOU SAID été\r\n1 canary-1\r\n2 canary-2\r\nNONE\r\n').toString('latin1'), strays: [], isOver: true })
})

test('[C524] lengths: in bytes from either end, counting themselves, in seven bits, and in digits', async () => {
  const of = [{ text: 'abc' }] as const
  const say = [{ sized: 2, of }, { sized: 3, little: true, of }, { sized: 4, plus: 4, of }, { sized: 'varint', of: [{ text: 'x'.repeat(200) }] }, { count: 'n', bytes: 2, little: true }] as const
  const { said } = await speak({ answers: [{ to: [{ text: 'A' }], say }] }, ['A'])
  expect(Buffer.from(said, 'latin1').toString('hex')).toBe(`0003616263${'030000'}616263${'00000007'}616263c801${'78'.repeat(200)}0100`)
  // Each is heard as it is said.
  const heard = [{ sized: 2, as: 'a' }, { sized: 3, little: true, as: 'b' }, { sized: 4, plus: 4, as: 'c' }, { sized: 'varint', as: 'd' }, { any: 2 }] as const
  const back = await speak({ answers: [{ to: heard, say: [{ kept: 'a' }, { kept: 'b' }, { kept: 'c' }, { sizeOf: 'd', bytes: 'text' }] }] }, [Buffer.from(said, 'latin1')])
  expect(back).toEqual({ said: 'abcabcabc200', strays: [], isOver: false })
  const digits: Answer = { to: [{ text: 'PUB ' }, { until: { hex: '0d0a' }, as: 'size' }, { any: 'size', as: 'body' }, { base64: 'DQo=' }], say: [{ text: '+' }, { kept: 'body' }] }
  expect(await speak({ answers: [digits] }, ['PUB 5\r\nhe\r\no\r\n', 'PUB five\r\n'])).toMatchObject({ said: '+he\r\no', strays: ['nothing is described for "PUB five\\r\\n"'] })
})

test('[C524] what is described first and can still become what came is waited for', async () => {
  const answers: readonly Answer[] = [{ to: [{ hex: '01' }, { sized: 1, of: [{ hex: '0a' }] }, { hex: 'ce' }], say: [{ text: 'one' }] }, { to: [{ hex: '01' }, { sized: 1 }, { hex: 'ce' }], say: [{ text: 'other' }] }]
  expect((await speak({ answers }, [Buffer.from('01', 'hex'), Buffer.from('020a', 'hex'), Buffer.from('ffce', 'hex')])).said).toBe('one')
  expect((await speak({ answers }, [Buffer.from('010100ce', 'hex'), Buffer.from('0100ce', 'hex')])).said).toBe('otherother')
})

test('[C524] where nothing is described the partner hangs up and says for what; so it does when too much is said to it or asked of it', async () => {
  expect(await speak({ answers: [line] }, ['SAY a\r\n', 'QUIT\r\n', 'SAY b\r\n'])).toEqual({ said: 'YOU SAID a\r\n', strays: ['nothing is described for "QUIT\\r\\n"'], isOver: true })
  expect((await speak({ answers: [] }, [Buffer.alloc(100)])).strays).toEqual([`nothing is described for ${Array.from({ length: 60 }, () => '00').join(' ')} … (100 bytes)`])
  expect((await speak({ answers: [line] }, [`SAY ${'a'.repeat(300_000)}`])).strays).toEqual(['more than 262144 bytes came, and nothing that is described'])
  expect((await speak({ answers: [{ to: [{ sized: 8 }], say: [{ text: 'x' }] }] }, [Buffer.alloc(8, 0xff)])).strays).toEqual(['nothing is described for ff ff ff ff ff ff ff ff'])
  const loud: Answer = { to: [{ text: '.' }], say: [{ text: 'x'.repeat(20_000) }] }
  expect((await speak({ answers: [loud] }, ['.'.repeat(900)])).strays).toEqual(['it was asked for more than 16777216 bytes'])
  // What is nothing is no answer to anything.
  expect((await speak({ answers: [{ to: [{ any: 'n' }], say: [{ text: 'x' }] }] }, ['a'])).strays).toEqual(['nothing is described for "a"'])
})

test('[C524] law: however what is said comes in pieces, the answers are the same', async () => {
  const frames: readonly Answer[] = [{ to: [{ hex: '01' }, { sized: 2, of: [{ hex: '2a' }], as: 'frame' }, { hex: 'ce' }], say: [{ text: '[' }, { kept: 'frame' }, { text: ']' }] }, { to: [{ hex: '01' }, { sized: 2 }, { hex: 'ce' }], say: [{ text: '-' }] }, line]
  const frame = fc.uint8Array({ maxLength: 20 }).map((body) => Buffer.concat([Buffer.from([1, 0, body.length]), body, Buffer.from([0xce])]))
  const word = fc.stringMatching(/^[a-z]{0,8}$/).map((text) => Buffer.from(`SAY ${text}\r\n`))
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(frame, word), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(200), { maxLength: 10 }), async (messages, cuts) => {
    const whole = Buffer.concat(messages)
    const at = [...new Set([0, ...cuts.map((cut) => cut % whole.length), whole.length])].sort((a, b) => a - b)
    const inPieces = await speak({ answers: frames }, at.slice(1).map((end, index) => whole.subarray(at[index], end)))
    const atOnce = await speak({ answers: frames }, [whole])
    expect(inPieces).toEqual(atOnce)
    expect(atOnce.strays).toEqual([])
  }), { numRuns: 100 })
})
