// Stands in for a platform that may open no more than two files: says what comes of a box that it opens, and of the next once it may open more.

import { closeSync, openSync } from 'node:fs'
import { isProcessAlive } from '../../../src/process-alive.ts'
import { openBox } from '../../../src/process/box/open-box.ts'

const [program = '', release = ''] = process.argv.slice(2)
const open = () => openBox({ name: 'test.plugin 1.0.0', program, readable: [release], memoryMb: 128, walls: 'node' })

const before = await open()
const held: number[] = []
try {
  for (;;) held.push(openSync('/dev/null', 'r'))
} catch {
  for (const descriptor of held.splice(-2)) closeSync(descriptor)
}
const starved = await open().then(() => 'opened', ({ code, cause }: { readonly code: string; readonly cause: Error }) => `${code}: ${cause.message}`)
for (const descriptor of held) closeSync(descriptor)
const next = await open()
process.stdout.write(JSON.stringify({ starved, launched: next.pid > 0, isOther: isProcessAlive(before.pid) ? 'alive' : 'gone' }))
for (const box of [before, next]) box.kill()
await Promise.all([before.exited, next.exited])
