import type { Socket } from 'node:net'
import { LONGEST_LINE } from './control-message.ts'

/**
 * The lines that a socket receives, without their line breaks. The socket stays open.
 * @throws RangeError when a line is longer than {@link LONGEST_LINE}
 */
export async function* linesOf(socket: Socket): AsyncGenerator<string, void, undefined> {
  let pending = ''
  socket.setEncoding('utf8')
  // Who has read enough may still be writing: what waits to be sent goes out first.
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    pending += String(part)
    if (pending.length > LONGEST_LINE) throw new RangeError('A line on the control socket is too long.')
    const lines = pending.split('\n')
    pending = lines.pop() ?? ''
    yield* lines
  }
}
