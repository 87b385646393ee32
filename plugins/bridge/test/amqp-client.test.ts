import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { StreamAmqpClient } from '../src/bus/amqp-client.ts'

const frame = (hex: string): Buffer => Buffer.from(`010000${(hex.length / 2).toString(16).padStart(8, '0')}${hex}ce`, 'hex')
/** What a bus answers, by what is asked: class and method. */
const ANSWERS: Readonly<Record<string, string>> = {
  '50000901': '000a000a00090000000000000005504c41494e00000005656e5f5553', // the greeting: start
  '000a000b': '000a001e07ff000200000014', '000a0028': '000a002900', '000a0032': '000a0033',
}

test('[B19] an answer that comes before what asked for it is confirmed to have left is not missed', async () => {
  const stream = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, done) => {
      const asked = bytes.subarray(0, 3).toString() === 'AMQ' ? '50000901' : bytes.subarray(7, 11).toString('hex')
      const answer = ANSWERS[asked]
      // Over the border of a process the confirmation may come later than the answer.
      setImmediate(() => {
        if (answer !== undefined) stream.push(frame(answer))
        setImmediate(done)
      })
    },
  })
  const client = new StreamAmqpClient(stream, { space: '/', user: 'u', password: 'p', name: 'test' }, () => undefined)
  await client.connect()
  await client.close('done')
  expect(client.closed).toBe(true)
})
