#!/usr/bin/env node
import { requireNode } from '@liberacces/core/node-version'

requireNode('liberacces-certify', 2)
const { runCertify } = await import('./run-certify.ts')

process.exitCode = await runCertify(process.argv.slice(2), process.cwd(), {
  out: (text) => { process.stdout.write(text) },
  err: (text) => { process.stderr.write(text) },
})
