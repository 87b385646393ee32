import { open } from 'node:fs/promises'

/** Makes names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  await syncPath(folder)
}

/** Makes the bytes of a file survive a power cut. */
export async function syncFile(path: string): Promise<void> {
  await syncPath(path)
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
