#!/usr/bin/env node
import { runCreate } from './run-create.ts'

process.exitCode = await runCreate(process.argv.slice(2), {
  env: process.env,
  // A script of a package runs in the package's folder; whoever called it stood elsewhere.
  folder: process.env['INIT_CWD'] ?? process.cwd(),
  language: Intl.DateTimeFormat().resolvedOptions().locale,
  out: (text) => { process.stdout.write(text) },
  err: (text) => { process.stderr.write(text) },
})
