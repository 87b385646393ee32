import { PlatformError } from '../errors.ts'
import type { Front } from './front.ts'

/**
 * Makes the front listen, and returns its port.
 * @throws PlatformError `CONFIG_INVALID` naming the variable when the address cannot be had
 */
export async function listenOn(front: Front, { port, host }: { readonly port: number; readonly host: string }): Promise<number> {
  try {
    return (await front.listen(port, host)).port
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new PlatformError('CONFIG_INVALID', `PORT: ${port} is in use by another program.`, { fix: `Stop it, or choose another port, such as PORT=${port + 1}.`, cause })
    if (code === 'EACCES') throw new PlatformError('CONFIG_INVALID', `PORT: this user may not listen on ${port}.`, { fix: 'Choose a port above 1023.', cause })
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new PlatformError('CONFIG_INVALID', `HOST: this machine has no address ${host}.`, { fix: 'Give one of its own, such as 127.0.0.1 or 0.0.0.0.', cause })
    throw cause
  }
}
