import { connect, type Socket } from 'node:net'
import { PlatformError } from '../../errors.ts'
import { fits } from '../../validation.ts'
import type { Streams } from '../io.ts'
import { findControlAddress } from './control-address.ts'
import { ControlReply, type ControlRequest } from './control-message.ts'
import { linesOf } from './lines.ts'

/**
 * Has the server of a data folder run a command line.
 * @returns the exit code; `undefined` when no server listens there
 * @throws PlatformError `DATA_LOCKED` when the server belongs to another user, `UNAVAILABLE` when it ended before the command
 */
export async function forwardCommand(dataFolder: string, request: ControlRequest, streams: Streams): Promise<number | undefined> {
  const socket = await open(findControlAddress(dataFolder))
  if (socket === undefined) return undefined
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    for await (const line of linesOf(socket)) {
      const reply: unknown = JSON.parse(line)
      if (!fits(ControlReply, reply)) break
      if ('exit' in reply) return reply.exit
      if ('stdout' in reply) streams.out(reply.stdout)
      else streams.err(reply.stderr)
    }
  } catch (cause) {
    throw gone(cause)
  } finally {
    socket.destroy()
  }
  throw gone(undefined)
}

function gone(cause: unknown): PlatformError {
  return new PlatformError('UNAVAILABLE', 'The server ended before it had answered; the command may or may not have been done.',
    { fix: 'See what is there now, then run the command again.', cause })
}

async function open(path: string): Promise<Socket | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | undefined>()
  const socket = connect(path, () => { resolve(socket) })
  socket.once('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EACCES' || cause.code === 'EPERM') {
      reject(new PlatformError('DATA_LOCKED', `The server on this data folder belongs to another user: ${path} may not be opened.`,
        { fix: 'Run the command as the user that runs the server.', cause }))
    } else {
      resolve(undefined)
    }
  })
  return promise
}
