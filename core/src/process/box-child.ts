import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { openBox } from './box/open-box.ts'
import type { BoxExit, BoxOptions } from './box/box.ts'
import type { Child } from './supervisor.ts'

/** Lines of a plugin's own output that go into the log within a minute, and characters of one. */
const MOST_LINES = 100
const LONGEST_LINE = 2_000

/** Starts a child in its box, whose own output goes into the log. */
export async function openBoxChild(options: BoxOptions, say: (line: string) => void): Promise<Child> {
  const box = await openBox(options)
  listen(box.stderr, say)
  return {
    pid: box.pid, channel: box.channel, walls: box.walls,
    exited: box.exited.then((exit) => reasonOf(exit, options.memoryMb)),
    memory: () => box.memory(),
    kill: () => { box.kill() },
  }
}

function reasonOf({ why, code, signal }: BoxExit, memoryMb: number): string {
  switch (why) {
    case 'memory': return `out of memory (${memoryMb} MiB)`
    case 'killed': return 'killed by the platform'
    case 'failed-to-start': return `could not be started (exit code ${code ?? '-'})`
    case 'ended': return signal === null ? `ended by itself (exit code ${code ?? '-'})` : `killed (${signal})`
    default: return why satisfies never
  }
}

function listen(output: Readable, say: (line: string) => void): void {
  let since = performance.now()
  let lines = 0
  const reader = createInterface({ input: output, crlfDelay: Number.POSITIVE_INFINITY })
  reader.on('line', (line) => {
    if (performance.now() - since > 60_000) {
      since = performance.now()
      lines = 0
    }
    lines += 1
    if (lines <= MOST_LINES) say(line.slice(0, LONGEST_LINE))
    else if (lines === MOST_LINES + 1) say('… and more, which is left out for a minute')
  })
  reader.on('error', () => { reader.close() })
}
