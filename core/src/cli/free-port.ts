import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import { PlatformError } from '../errors.ts'

/** Whether this process could listen where the configuration says. Anything but a taken port counts as free: listening itself says it better. */
export async function isPortFree({ port, host }: Pick<Config, 'port' | 'host'>): Promise<boolean> {
  if (port === 0) return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code !== 'EADDRINUSE') })
  server.listen(port, host, () => { server.close(() => { resolve(true) }) })
  return promise
}

/**
 * Stops before long work when the port is taken.
 * @throws PlatformError `CONFIG_INVALID`
 */
export async function refuseTakenPort(config: Pick<Config, 'port' | 'host'>): Promise<void> {
  if (await isPortFree(config)) return
  throw new PlatformError('CONFIG_INVALID', `PORT: ${config.port} is in use by another program.`, { fix: `Stop it, or choose another port, such as PORT=${config.port + 1}.` })
}
