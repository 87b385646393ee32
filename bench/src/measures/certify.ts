import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Measure } from '../measure.ts'
import { ROOT } from '../workshop.ts'
import { labelFigures } from './label-verify.ts'

interface Row {
  readonly id: string
  readonly gate: string
  readonly status: string
  readonly ms: number
}

const TEMPLATE = 'templates/basic'

/** What an author waits for: the certification of a template, and one check of a booted platform alone. */
export const certify: Measure = {
  name: 'certify',
  about: 'liberacces-certify on a template: gates package, static and kernel, all with the browser, and one check alone; verifying a label',
  async run(workshop) {
    const checks = (JSON.parse((await command(['list', '--json'])).out) as { readonly checks: readonly Row[] }).checks
    const gates = (...names: readonly string[]): readonly string[] => checks.filter(({ gate }) => names.includes(gate)).map(({ id }) => id)
    const [early, kernel] = [gates('package', 'static', 'kernel'), gates('kernel')]
    const seconds: number[] = []
    let slowest = 0
    for (let round = 0; round < (workshop.quick ? 1 : 3); round += 1) {
      workshop.note(`certifying ${TEMPLATE}, gates 1 to 3`)
      const { took, out } = await command([TEMPLATE, '--only', early.join(), '--format', 'json', '--quiet'])
      const rows = (JSON.parse(out) as { readonly checks: readonly Row[] }).checks
      const failed = rows.filter(({ status }) => status === 'error')
      if (failed.length > 0) throw new Error(`The harness failed in ${failed.map(({ id }) => id).join(', ')}.`)
      seconds.push(took / 1_000)
      slowest = Math.max(slowest, ...rows.map(({ ms }) => ms / 1_000))
    }
    const whole: number[] = []
    if (!workshop.quick) {
      workshop.note(`certifying ${TEMPLATE}, with the browser`)
      whole.push((await command([TEMPLATE, '--format', 'json', '--quiet'])).took / 1_000)
    }
    const alone: number[] = []
    for (const id of workshop.quick ? kernel.slice(0, 1) : kernel.slice(0, 3)) {
      workshop.note(`${id} alone`)
      const { out } = await command([TEMPLATE, '--only', id, '--format', 'json', '--quiet'])
      alone.push(((JSON.parse(out) as { readonly checks: readonly Row[] }).checks[0]?.ms ?? Number.NaN) / 1_000)
    }
    return [
      { what: `${early.length} checks of gates package, static and kernel on ${TEMPLATE}`, unit: 's', better: 'lower', goal: { of: 'ours', limit: 60 }, ours: seconds },
      { what: 'the slowest of these checks', unit: 's', better: 'lower', ours: [slowest] },
      ...(whole.length === 0 ? [] : [{ what: 'all gates, the browser among them', unit: 's', better: 'lower', goal: { of: 'ours', limit: 150 }, ours: whole } as const]),
      ...(alone.length === 0 ? [] : [{ what: 'one check of gate kernel alone, after boot', unit: 's', better: 'lower', goal: { of: 'ours', limit: 5 }, ours: alone } as const]),
      ...await labelFigures(workshop),
    ]
  },
}

/** Runs the command line as people do. @throws Error when the harness itself failed */
async function command(args: readonly string[]): Promise<{ readonly out: string; readonly took: number }> {
  const from = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'certification/src/cli/main.ts'), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => { out += part.toString() })
  child.stderr.on('data', (part: Buffer) => { err += part.toString() })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject).once('exit', resolve)
  const exit = await promise
  if (exit === 2 || exit === null) throw new Error(`liberacces-certify ${args.join(' ')} ended with ${exit}:\n${err}`)
  return { out, took: performance.now() - from }
}
