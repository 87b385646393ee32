import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { deriveKey, openServerSecret } from '../../src/identity/server-secret.ts'
import { FakeOutside, temporaryFolder } from '../storage/temporary-storage.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('[I18] the first start makes a secret that only its owner can read, and later starts find it', async () => {
  const dataFolder = join(temporaryFolder(), 'new')
  const outside = new FakeOutside()
  const first = await openServerSecret({ dataFolder, outside })
  const path = join(dataFolder, 'secret.key')
  expect([first.length, statSync(path).mode & 0o777, readdirSync(dataFolder)]).toEqual([32, 0o600, ['secret.key']])
  chmodSync(path, 0o644)
  expect(hex(await openServerSecret({ dataFolder, outside }))).toBe(hex(first))
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('[I18] two platforms have different secrets, and a start that was cut short does not spoil the next', async () => {
  const outside = new FakeOutside()
  const dataFolder = temporaryFolder()
  writeFileSync(join(dataFolder, 'secret.key.new'), 'half')
  const one = await openServerSecret({ dataFolder, outside })
  const other = await openServerSecret({ dataFolder: temporaryFolder(), outside })
  expect(hex(one)).not.toBe(hex(other))
  expect(readdirSync(dataFolder)).toEqual(['secret.key'])
})

test('[I18] LIBERACCES_SECRET_FILE may hold the bytes as they are, in hexadecimal or in base64, and is never changed', async () => {
  const folder = temporaryFolder()
  const bytes = Buffer.from(new FakeOutside().randomBytes(32))
  const outside = new FakeOutside()
  for (const content of [bytes, `${bytes.toString('hex')}\n`, bytes.toString('base64')]) {
    const secretFile = join(folder, 'named')
    writeFileSync(secretFile, content, { mode: 0o644 })
    expect(hex(await openServerSecret({ dataFolder: join(folder, 'data'), secretFile, outside }))).toBe(bytes.toString('hex'))
    expect(readFileSync(secretFile)).toEqual(Buffer.from(content))
  }
})

test('[I18] [I17] a file that holds no secret stops the start, and nothing of it is shown', async () => {
  const folder = temporaryFolder()
  const outside = new FakeOutside()
  const secretFile = join(folder, 'named')
  for (const content of ['', 'cle-trop-courte', 'z'.repeat(64), `${'ab'.repeat(32)}ff`]) {
    writeFileSync(secretFile, content)
    const error = await openServerSecret({ dataFolder: folder, secretFile, outside }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('LIBERACCES_SECRET_FILE') as string })
    expect(content !== '' && inspect(error, { depth: 9 }).includes(content)).toBe(false)
  }
  await expect(openServerSecret({ dataFolder: folder, secretFile: join(folder, 'missing'), outside })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  mkdirSync(join(folder, 'spoilt'))
  writeFileSync(join(folder, 'spoilt', 'secret.key'), 'half')
  await expect(openServerSecret({ dataFolder: join(folder, 'spoilt'), outside })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('[I18] each purpose has a key of its own, which does not tell the secret', () => {
  const secret = new Uint8Array(32).fill(9)
  const keys = ['csrf', 'login', 'cookies'].map((purpose) => hex(deriveKey(secret, purpose)))
  expect(new Set([...keys, hex(secret)]).size).toBe(4)
  expect(hex(deriveKey(secret, 'csrf'))).toBe(keys[0])
})
