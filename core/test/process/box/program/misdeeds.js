// Runs in a box and does the one thing that it is told over descriptor 3, as a line of text: things that end a process, or never end.

import fs from 'node:fs'
import net from 'node:net'

const channel = new net.Socket({ fd: 3, readable: true, writable: true })
const MIB = 1_048_576

const MISDEEDS = {
  'echo': () => { channel.on('data', (chunk) => { channel.write(chunk) }) },
  'speak': () => { console.log('to the output'); console.error('to the errors') },
  'shout': () => { for (let line = 0; line < 4_096; line += 1) process.stderr.write(`${'s'.repeat(1_023)}\n`); process.stderr.write('', () => process.exit(3)) },
  'loop': () => { for (;;); },
  'fill the heap': () => { const all = []; for (let index = 0; ; index += 1) all.push({ index, text: `text ${index}` }) },
  // In small steps, so that whoever looks on has the time that it has with a plugin that fills buffers with what it reads.
  'fill buffers': () => { const all = []; const more = () => { all.push(Buffer.alloc(4 * MIB, 1)); setTimeout(more, 5) }; more() },
  'fill typed arrays': () => { const all = []; const more = () => { all.push(new Uint8Array(4 * MIB).fill(1)); setTimeout(more, 5) }; more() },
  'end': () => process.exit(3),
  'abort': () => process.abort(),
  'throw': () => { throw new Error('not caught') },
  'limits': () => { channel.write(JSON.stringify(limits())) },
}

function limits() {
  let files = 0
  try {
    for (; files < 10_000; files += 1) fs.openSync(import.meta.filename)
  } catch {
    // As many as it may.
  }
  return { files, uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(), pid: process.pid, cwd: process.cwd(), memory: process.memoryUsage().rss > 0 }
}

channel.once('data', (first) => {
  // What follows the line may have come along with it.
  const end = first.indexOf('\n')
  MISDEEDS[first.subarray(0, end).toString()]()
  if (end + 1 < first.length) channel.emit('data', first.subarray(end + 1))
})
channel.write('ready')
