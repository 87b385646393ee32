import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseDatabaseUrl } from '../../src/storage/postgres/database-address.ts'
import { DatabaseSession } from '../../src/storage/postgres/database-session.ts'
import { databaseOfTest } from '../storage/postgres-database.ts'

const quiet = { info: () => undefined, warn: () => undefined }

/** Stands before a database and tells clients another number of their server process, as poolers do. */
async function poolerBefore(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const server = createServer((client) => {
    const database = connect(Number(port), hostname)
    for (const socket of [client, database]) socket.on('error', () => undefined)
    client.on('close', () => { database.destroy() })
    client.pipe(database)
    database.on('data', (chunk: Buffer) => {
      // BackendKeyData, of the protocol's message formats: "K", a length of 12, the number, a secret.
      const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
      if (at >= 0) chunk.writeInt32BE(4_242_424, at + 5)
      client.write(chunk)
    })
    database.on('close', () => { client.end() })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => { server.close() })
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  return through.href
}

test('[E44] a session knows when a pooler stands between it and the database, and says so without the password', async () => {
  const url = await databaseOfTest()
  const direct = await DatabaseSession.open({ address: parseDatabaseUrl(url), log: quiet })
  expect(direct.id).toMatch(/^liberacces_[0-9a-f]{16}$/)
  await direct.close()
  const refusal: unknown = await DatabaseSession.open({ address: parseDatabaseUrl(await poolerBefore(url)), log: quiet }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'CONFIG_INVALID' })
  expect(String(refusal)).not.toContain(new URL(url).password)
})

test('[E44] a session that is lost comes back under another id, and what is asked in the name of the lost one is refused', async () => {
  const session = await DatabaseSession.open({ address: parseDatabaseUrl(await databaseOfTest()), log: quiet })
  onTestFinished(() => session.close())
  const before = session.id
  const told: string[] = []
  session.listen({ lost: () => { told.push('lost') }, connected: () => { told.push('connected') } })
  session.cut()
  expect(session.id).toBeUndefined()
  await session.ready()
  expect([session.id === before, told]).toEqual([false, ['lost', 'connected']])
  await expect(session.run('select 1', [], before)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await session.run('select 1 as one')).toEqual([{ one: 1 }])
  await session.close()
  await expect(session.ready()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})
