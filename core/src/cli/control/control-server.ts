import { chmodSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { fits } from '../../validation.ts'
import { failureOf, reportFailure } from '../failure.ts'
import type { Streams } from '../io.ts'
import { claimControlAddress } from './control-address.ts'
import { ControlRequest, LONGEST_PART, type ControlReply } from './control-message.ts'
import { linesOf } from './lines.ts'

/** Runs a command line in this process and resolves to its exit code. */
export type CommandRunner = (argv: readonly string[], streams: Streams) => Promise<number>

/** A server's ear for commands. */
export interface ControlServer {
  readonly path: string
  /** Takes no more commands, waits for those that run (at most 5 s) and removes the socket. */
  stop(): Promise<void>
}

const LONGEST_GOODBYE_MS = 5_000

/** Listens for commands on a Unix socket that only this user may open. The caller holds the data folder. */
export async function startControlServer(dataFolder: string, run: CommandRunner): Promise<ControlServer> {
  const sockets = new Set<Socket>()
  const running = new Map<Socket, Promise<number>>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // The caller may leave before the answer; that is no failure of ours.
    socket.on('error', () => undefined)
    void serve(socket, (argv, streams) => {
      const ending = run(argv, streams)
      running.set(socket, ending)
      return ending
    }).finally(() => {
      running.delete(socket)
      sockets.delete(socket)
    })
  })
  let address = claimControlAddress(dataFolder)
  try {
    await listen(server, address.path)
  } catch {
    // File systems shared with another machine often know no sockets.
    address = claimControlAddress(dataFolder, false)
    await listen(server, address.path)
  }
  return {
    path: address.path,
    async stop() {
      server.close()
      for (const socket of sockets) if (!running.has(socket)) socket.destroy()
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, LONGEST_GOODBYE_MS)
      await Promise.race([Promise.allSettled(running.values()), late])
      clearTimeout(timer)
      for (const socket of sockets) socket.end()
      address.release()
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  // The mask, so that there is no moment in which others could connect; the mode, because not every system heeds the mask.
  const mask = process.umask(0o177)
  try {
    server.listen(path, () => {
      server.off('error', reject)
      chmodSync(path, 0o600)
      resolve()
    })
  } finally {
    process.umask(mask)
  }
  return promise
}

/** What fits into one line each. Never between the halves of a character. */
function* partsOf(text: string): Generator<string, void, undefined> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + LONGEST_PART)
    if (to < text.length && (text.charCodeAt(to - 1) & 0xfc00) === 0xd800) to -= 1
    yield text.slice(from, to)
    from = to
  }
}

async function serve(socket: Socket, run: CommandRunner): Promise<void> {
  const send = (reply: ControlReply): void => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
  }
  const err = (text: string): void => { for (const part of partsOf(text)) send({ stderr: part }) }
  try {
    for await (const line of linesOf(socket)) {
      const request: unknown = JSON.parse(line)
      if (!fits(ControlRequest, request)) throw new TypeError('The control socket was sent something that is no command.')
      const exit = await run(request.argv, {
        out: (text) => { for (const part of partsOf(text)) send({ stdout: part }) },
        err,
        input: () => Promise.resolve(request.stdin ?? ''),
        folder: request.folder ?? process.cwd(),
      })
      send({ exit })
      break
    }
  } catch (error) {
    reportFailure({ err }, failureOf(error), false)
    send({ exit: 1 })
  } finally {
    socket.destroySoon()
  }
}
