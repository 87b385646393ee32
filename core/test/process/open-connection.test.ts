import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { OpenConnection } from '../../src/process/broker/open-connection.ts'

test('[R224] ending a connection that the other side has ended is no failure', async () => {
  const socket = new Duplex({ allowHalfOpen: false, read: () => undefined, write: (_bytes, _encoding, done) => { done() } })
  const connection = new OpenConnection(socket)
  socket.push('bye')
  socket.push(null)
  expect(Buffer.from(await connection.read() ?? []).toString()).toBe('bye')
  expect(await connection.read()).toBeNull()
  await connection.end()
  await connection.end()
  expect(socket.writableEnded).toBe(true)
})
