// Runs every script of package.json whose name starts with `check:`, in the order they stand there. A failed check does
// not stop the others. Ends with a summary; exit code 1 when any failed.
//
//   pnpm check                      all of them
//   pnpm check types layers         only these
//   pnpm check --json FILE          also writes { passed: [...], failed: [...] } to FILE

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { read, root } from './workspace.ts'

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> }
const all = Object.keys(scripts).filter((name) => name.startsWith('check:')).map((name) => name.slice('check:'.length))

const unknown = positionals.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(', ')}. There are: ${all.join(', ')}.`)
  process.exit(2)
}

const results = all.filter((name) => positionals.length === 0 || positionals.includes(name)).map((name) => {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`)
  const startMs = performance.now()
  const { status } = spawnSync(scripts[`check:${name}`] ?? 'false', { cwd: root, shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
  return { name, ok: status === 0, seconds: (performance.now() - startMs) / 1000 }
})

console.log(`\n── summary ${'─'.repeat(53)}`)
for (const { name, ok, seconds } of results) console.log(`${ok ? 'passed' : 'FAILED'}  ${name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`)

const passed = results.filter(({ ok }) => ok).map(({ name }) => name)
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ passed, failed }))
console.log(`${passed.length} checks passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
