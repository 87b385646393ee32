import { readFile, rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { LabelError } from '../../../label/label-error.ts'
import { readOfficerKey, type OfficerKey } from '../../../label/officer-key.ts'

/** Reads a file that somebody named. @throws LabelError */
export async function readNamed(folder: string, path: string): Promise<Buffer> {
  try {
    return await readFile(resolve(folder, path))
  } catch (cause) {
    throw new LabelError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give a file that exists.', 2, { cause })
  }
}

/** The same where it may be missing. */
export async function readIfThere(folder: string, path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(resolve(folder, path))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new LabelError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Let this user read it, or give another file.', 2, { cause })
  }
}

/**
 * A list that waits for signatures becomes the newest, or is dropped, before another one is made of the one before it: else two labels get one place.
 * @throws LabelError
 */
export async function requireNoneWaiting(folder: string, status: string): Promise<void> {
  if (await readIfThere(folder, `${status}.next`) === undefined) return
  throw new LabelError(`${status}.next waits for signatures; what is made of ${status} now would give its places a second time.`, `Have it signed, \`label sign ${status}.next --root ROOT --key KEY\`, and move it to ${status}; or remove it, and the label that was made with it, should it never hold.`)
}

/** Writes a file as a whole: whoever looks at the same moment sees the old one or the new one. @throws LabelError */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  try {
    await writeFile(`${path}.new`, content, { mode })
    await rename(`${path}.new`, path)
  } catch (cause) {
    throw new LabelError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Name a folder that exists and that this user may write to.', 2, { cause })
  }
}

/** Keys of officers, from files. @throws LabelError */
export async function keysFrom(folder: string, paths: readonly string[], passphraseFile: string | undefined): Promise<readonly OfficerKey[]> {
  const passphrase = await passphraseFrom(folder, passphraseFile)
  return Promise.all(paths.map(async (path) => readOfficerKey((await readNamed(folder, path)).toString(), path, passphrase)))
}

/** The first line of a file. */
export async function passphraseFrom(folder: string, path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : (await readNamed(folder, path)).toString().split(/\r?\n/, 1)[0]
}
