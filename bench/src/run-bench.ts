import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { watchForCutShort } from './cut-short.ts'
import { describeMachine } from './machine.ts'
import type { Measure } from './measure.ts'
import { rowOf, type Row } from './row.ts'
import { tableOf } from './table.ts'
import { Workshop } from './workshop.ts'

/** Where the bench writes to. */
export interface Output {
  /** The machine, the command and the table. */
  readonly out: (text: string) => void
  /** Progress and complaints. */
  readonly err: (text: string) => void
}

/**
 * Runs the measures that a command line names, all without a name. Resolves to the exit code: 0 all goals met, 1 one missed or a measure
 * failed, 2 wrong usage.
 */
export async function runBench(argv: readonly string[], measures: readonly Measure[], { out, err }: Output): Promise<number> {
  const usage = (problem: string): number => {
    const width = Math.max(...measures.map(({ name }) => name.length))
    err(`${problem}\nUsage: pnpm bench [NAME…] [--json FILE] [--quick]\n${measures.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}`)
    return 2
  }
  let parsed: { readonly values: { readonly json?: string; readonly quick?: boolean }; readonly positionals: readonly string[] }
  try {
    parsed = parseArgs({ args: [...argv], allowPositionals: true, options: { json: { type: 'string' }, quick: { type: 'boolean' } } })
  } catch (error) {
    return usage((error as Error).message)
  }
  const { values: { json, quick = false }, positionals: names } = parsed
  const unknown = names.filter((name) => !measures.some((measure) => measure.name === name))
  if (unknown.length > 0) return usage(`There is no measure ${unknown.map((name) => `"${name}"`).join(', ')}.`)

  out(`${describeMachine()}\n$ ${['pnpm bench', ...argv].join(' ')}\n`)
  const rows: Row[] = []
  const failures: string[] = []
  let doing = 'starting'
  const note = (text: string): void => {
    doing = text
    err(`… ${text}`)
  }
  await using workshop = new Workshop({ quick, note })
  // What has been measured so far is shown all the same.
  const standDown = watchForCutShort((why) => { err(`${why} Last: ${doing}.\n${tableOf(rows)}`) }, () => workshop[Symbol.asyncDispose]())
  for (const measure of measures.filter(({ name }) => names.length === 0 || names.includes(name))) {
    try {
      rows.push(...(await measure.run(workshop)).map((figure) => rowOf(measure.name, figure)))
    } catch (error) {
      failures.push(`${measure.name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  standDown()
  out(tableOf(rows))
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, undefined, 2)}\n`)
  for (const failure of failures) err(failure)
  return failures.length > 0 || rows.some(({ ok }) => !ok) ? 1 : 0
}
