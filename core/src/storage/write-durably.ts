import { open } from 'node:fs/promises'

/**
 * Writes a new file and waits until its bytes are on the disk; its name is so once its folder is synced.
 * @param mode - who may read it. @defaultValue 0o600: this user alone
 */
export async function writeDurably(path: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}
