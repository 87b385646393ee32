#!/usr/bin/env node
import { runCertify } from './run-certify.ts'

process.exitCode = await runCertify(process.argv.slice(2), process.cwd(), {
  out: (text) => { process.stdout.write(text) },
  err: (text) => { process.stderr.write(text) },
})
