import { execFileSync, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { sandboxArguments } from '../../../src/process/box/bubblewrap.ts'
import { findStandingWalls } from '../../../src/process/box/standing-walls.ts'
import { DENIED_CALLS, systemCallFilter } from '../../../src/process/box/system-call-filter.ts'
import { temporaryFolder } from '../../storage/temporary-storage.ts'

const [ALLOWED, REFUSED] = [0x7f_ff_00_00, 0x00_05_00_01]
const MACHINES = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 } as const

/** What the kernel would make of a filter: its machine, as far as filters of ours use it. */
function judge(filter: Buffer, machine: number, call: number): number {
  let loaded = 0
  for (let at = 0; at < filter.length / 8; at += 1) {
    const [code, ifTrue, ifFalse, value] = [filter.readUInt16LE(at * 8), filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3), filter.readUInt32LE(at * 8 + 4)]
    switch (code) {
      case 0x20: loaded = value === 0 ? call : machine; break
      case 0x15: at += loaded === value ? ifTrue : ifFalse; break
      case 0x35: at += loaded >= value ? ifTrue : ifFalse; break
      case 0x06: return value
      default: throw new Error(`There is no instruction ${code}.`)
    }
  }
  throw new Error('The filter ends without a word.')
}

test('[R253] the filter refuses the calls it names and those of another machine, and lets all others through', () => {
  for (const [index, processor] of (['x64', 'arm64'] as const).entries()) {
    const filter = systemCallFilter(processor) ?? Buffer.alloc(0)
    const denied = new Set(Object.values(DENIED_CALLS).map((numbers) => numbers[index]))
    for (let call = 0; call < 600; call += 1) expect([processor, call, judge(filter, MACHINES[processor], call)]).toEqual([processor, call, denied.has(call) ? REFUSED : ALLOWED])
    expect(judge(filter, MACHINES[processor === 'x64' ? 'arm64' : 'x64'], 0)).toBe(REFUSED)
    // i386, and x32, whose numbers are others.
    expect([judge(filter, 0x40_00_00_03, 1), judge(filter, MACHINES.x64, 0x40_00_00_01)]).toEqual([REFUSED, REFUSED])
  }
  expect(systemCallFilter('ppc64')).toBeUndefined()
})

const [PERL, LDD] = ['/usr/bin/perl', '/usr/bin/ldd']
const { bubblewrap } = await findStandingWalls('best')
const missing = bubblewrap?.filter === undefined ? 'bubblewrap sets no filter here' : ![PERL, LDD].every((path) => existsSync(path)) || process.arch !== 'x64' ? 'there is no perl for x64 to ask with' : undefined

test.skipIf(missing !== undefined)(`[R253] within the sandbox these calls are not permitted, whatever program asks${missing === undefined ? '' : ` (skipped: ${missing})`}`, async () => {
  const { path = '', flags = [], filter = Buffer.alloc(0) } = bubblewrap ?? {}
  const libraries = [...execFileSync(LDD, [PERL], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library)
  const numbers = Object.values(DENIED_CALLS).map(([x64]) => x64)
  // 39 is getpid, which is let through; 1 is what a call answers that is not permitted.
  const program = join(temporaryFolder(), 'ask.pl')
  writeFileSync(program, [39, ...numbers].map((number) => `$! = 0; $got = syscall(${number}, 0, 0, 0, 0, 0); print $got == -1 ? $!+0 : "done", "\\n";`).join('\n'))
  const child = spawn(path, [...sandboxArguments({ flags, readable: [PERL, program, ...libraries], filterOn: 3 }), PERL, program], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  ;(child.stdio[3] as Writable).end(filter)
  const [said, complained] = await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)])
  expect(complained).toBe('')
  expect(said.trim().split('\n')).toEqual(['done', ...numbers.map(() => '1')])
})
