import { createHash } from 'node:crypto'
import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PlatformError } from '../errors.ts'

/** The program of a built package. */
const BUILT = fileURLToPath(new URL('./host/host.mjs', import.meta.url))
/** Its source, where the package is not built, and where what is bundled from it is kept. */
const SOURCE = fileURLToPath(new URL('./host/main.ts', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/liberacces-host', import.meta.url))

let made: Promise<string> | undefined

/**
 * The file that runs in a plugin's process: that of the built package, or one bundled from its source.
 * @throws PlatformError `CONFIG_INVALID` where there is neither
 */
export function hostProgram(): Promise<string> {
  return (made ??= findProgram())
}

async function findProgram(): Promise<string> {
  if (await access(BUILT).then(() => true, () => false)) return BUILT
  const { bundleHost } = await import('./bundle-host.ts').catch((cause: unknown) => {
    throw new PlatformError('CONFIG_INVALID', 'The program for processes of plugins is not built.', { fix: 'Build the package, or install esbuild.', cause })
  })
  const content = await bundleHost(SOURCE)
  const path = join(CACHE, `${createHash('sha256').update(content).digest('hex').slice(0, 24)}.mjs`)
  if (await access(path).then(() => true, () => false)) return path
  await mkdir(CACHE, { recursive: true, mode: 0o755 })
  const making = `${path}.${process.pid}`
  await writeFile(making, content, { mode: 0o644 })
  await rename(making, path)
  return path
}
