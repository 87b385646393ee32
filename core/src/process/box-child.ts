import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { openBox } from './box/open-box.ts'
import type { BoxExit, BoxOptions } from './box/box.ts'
import { LineAllowance } from './line-allowance.ts'
import type { Child } from './child.ts'

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
    loaded: () => { box.loaded() },
    memory: () => box.memory(),
    kill: () => { box.kill() },
  }
}

function reasonOf({ why, code, signal }: BoxExit, memoryMb: number): string {
  switch (why) {
    case 'memory': return `out of memory (${memoryMb} MiB)`
    case 'killed': return 'killed by the platform'
    case 'failed-to-start': return `could not be started (exit code ${code ?? '-'})`
    case 'ended': return signalOf(code, signal) ?? `ended by itself (exit code ${code ?? '-'})`
    default: return why satisfies never
  }
}

/** What stands in front of it tells a signal by its exit code (128 and the signal's number). */
function signalOf(code: number | null, signal: string | null): string | undefined {
  const name = signal ?? Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0]
  return name === undefined ? undefined : `killed (${name})`
}

// Not by Node's readline, which keeps a line for as long as it has no end.
function listen(output: Readable, say: (line: string) => void): void {
  const allowance = new LineAllowance(MOST_LINES, 60_000)
  let begun = ''
  /** What is beyond the longest line is passed over up to its end. */
  let isTold = false
  const tell = (line: string): void => {
    const verdict = allowance.take()
    if (verdict === 'yes') say(line)
    else if (verdict === 'last') say('… and more, which is left out for a minute')
  }
  output.setEncoding('utf8')
  output.on('data', (text: string) => {
    const parts = text.split('\n')
    for (const [index, part] of parts.entries()) {
      if (begun.length < LONGEST_LINE) begun += part.slice(0, LONGEST_LINE - begun.length)
      const isLast = index === parts.length - 1
      if (!isTold && begun !== '' && (!isLast || begun.length === LONGEST_LINE)) {
        tell(begun)
        isTold = true
      }
      if (isLast) break
      begun = ''
      isTold = false
    }
  })
  output.on('end', () => { if (begun !== '' && !isTold) tell(begun) })
  output.on('error', () => { output.destroy() })
}
