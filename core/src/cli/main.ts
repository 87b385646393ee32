#!/usr/bin/env node
import { requireNode } from '../node-version.ts'

requireNode('liberacces')
const { processStreams } = await import('./io.ts')
const { runCommandLine } = await import('./run-command-line.ts')

// Whoever read our output may have left, as `head` does; that ends the output, not the work.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const exit = await runCommandLine(process.argv.slice(2), { env: process.env, folder: process.cwd() }, processStreams())
// Threads of the password hash and idle sockets would keep the process for a while. What was printed goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exit)))
