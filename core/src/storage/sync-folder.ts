import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  await syncPath(folder)
}

/** Makes the name of a file or folder survive a power cut, and those of the folders above it up to `top`, which may be new as well. */
export async function syncNames(path: string, top: string): Promise<void> {
  for (let above = dirname(path); above.length >= top.length; above = dirname(above)) await syncFolder(above)
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
