import { hkdfSync } from 'node:crypto'
import { chmod, link, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PlatformError } from '../errors.ts'
import type { Outside } from '../outside.ts'
import { writeDurably } from '../storage/write-durably.ts'

/** Length of the server's secret, in bytes. */
const LENGTH = 32

/** Where the server's secret comes from. */
export interface ServerSecretOptions {
  readonly dataFolder: string
  /** `LIBERACCES_SECRET_FILE`; left out, the secret lies in the data folder and is made at the first start. */
  readonly secretFile?: string | undefined
  readonly outside: Outside
}

/**
 * The secret that signs what travels through browsers; the same on all nodes and over restarts. No message ever holds any of it.
 * @throws PlatformError `CONFIG_INVALID` when the file is missing, cannot be read or holds no 32 bytes
 */
export async function openServerSecret({ dataFolder, secretFile, outside }: ServerSecretOptions): Promise<Uint8Array> {
  if (secretFile !== undefined) return parseSecret(await readNamed(secretFile), `LIBERACCES_SECRET_FILE: ${secretFile}`)
  const path = join(dataFolder, 'secret.key')
  if (await isMissing(path)) await makeSecret(dataFolder, path, outside)
  // Copied by hand or restored from a backup, it may have become readable by others.
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  return parseSecret(await readFile(path), path)
}

/** A key of its own for each purpose (HKDF, RFC 5869), so that what one signs is worth nothing elsewhere. */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `liberacces/${purpose}`, LENGTH))
}

async function makeSecret(folder: string, path: string, outside: Outside): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = `${path}.new`
  await rm(draft, { force: true })
  await writeDurably(draft, `${Buffer.from(outside.randomBytes(LENGTH)).toString('hex')}\n`)
  try {
    // Unlike a rename, a link never replaces a secret that is there already.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function readNamed(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new PlatformError('CONFIG_INVALID', `LIBERACCES_SECRET_FILE: ${path} cannot be read.`, { fix: 'Name a readable file that holds 32 random bytes, as they are or as 64 hexadecimal digits.', cause })
  }
}

async function isMissing(path: string): Promise<boolean> {
  return await stat(path).then(() => false, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return true
    throw error
  })
}

function parseSecret(content: Buffer, where: string): Uint8Array {
  if (content.length === LENGTH) return new Uint8Array(content)
  const text = content.toString('latin1').trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'))
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return new Uint8Array(Buffer.from(text, 'base64'))
  throw new PlatformError('CONFIG_INVALID', `${where} holds no secret of 32 bytes.`, { fix: 'Write 64 hexadecimal digits into it, such as `openssl rand -hex 32` prints.' })
}
