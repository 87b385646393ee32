import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { archiveDigests, digestOf, readBundle, readTrustRoot, requireInputs, verifyLabel, withBundled } from '@liberacces/core'
import type { Figure } from '../row.ts'
import { ROOT, type Workshop } from '../workshop.ts'

const run = promisify(execFile)
const POLICY = { require: 'bronze', statusMaxAgeDays: 30, onStale: 'block' } as const

/** What verifying a label costs, from the file to the verdict, beside hashing the same archive. */
export async function labelFigures(workshop: Workshop): Promise<readonly Figure[]> {
  const folder = workshop.folder('label')
  workshop.note('packing, labelling and bundling templates/basic')
  const bundle = await bundled(folder)
  const trusted = await readFile(join(folder, 'gie', 'root.json'))
  const verify = async (): Promise<void> => {
    const { 'package.tgz': archive, 'label.json': signed, 'root.json': root, 'status.json': status, 'test-result.json': testResult } = readBundle(await readFile(bundle))
    const found = { archive, label: signed, root, ...(status === undefined ? {} : { status }), ...(testResult === undefined ? {} : { testResult }) }
    const { roots, lists } = withBundled({ roots: [readTrustRoot(trusted)], lists: [] }, found)
    const verified = verifyLabel(signed, { archive: archiveDigests(archive), roots, statusOf: (uri) => lists.find((list) => list.uri === uri), policy: POLICY, kernel: '0.1.0', now: Date.now() })
    requireInputs(verified.statement, found)
  }
  const firstAt = performance.now()
  await verify()
  const first = performance.now() - firstAt
  const ours: number[] = []
  const bare: number[] = []
  const command: number[] = []
  for (let round = 0; round < workshop.rounds; round += 1) {
    ours.push(await each(verify))
    bare.push(await each(async () => { createHash('sha256').update(await readFile(bundle)).digest() }))
    const from = performance.now()
    if (round < 3) {
      await certify(folder, 'label', 'verify', bundle, '--root', 'gie/root.json')
      command.push(performance.now() - from)
    }
  }
  return [
    { what: 'label verify, bundle on disk to verdict', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ours, bare },
    { what: 'the first one of a process', unit: 'ms', better: 'lower', goal: { of: 'ours', limit: 50 }, ours: [first] },
    { what: 'the whole command, Node and sources loaded', unit: 'ms', better: 'lower', ours: command },
  ]
}

const TIMES = 50

async function each(body: () => Promise<void>): Promise<number> {
  const from = performance.now()
  for (let time = 0; time < TIMES; time += 1) await body()
  return (performance.now() - from) / TIMES
}

/** A template with a label of a demonstration certifier. @returns path of the bundle */
async function bundled(folder: string): Promise<string> {
  const { file, id, version } = JSON.parse(await certify(folder, 'pack', join(ROOT, 'templates', 'basic'), '--out', folder, '--json')) as { readonly file: string; readonly id: string; readonly version: string }
  await writeFile(join(folder, 'report.json'), JSON.stringify({
    plugin: { id, version, digest: digestOf(await readFile(file)) }, verdict: 'pass', grade: 'bronze', seed: 1, platform: '0.1.0', troubles: [], waivers: [],
    catalogue: { version: '1', digest: digestOf(Buffer.from('bench')) }, harness: { version: '0.1.0', digest: digestOf(Buffer.from('bench')) }, inputs: [],
    checks: [{ id: 'MAN-01', status: 'pass', level: 'bronze', gate: 'package', blocks: false }],
  }))
  await certify(folder, 'label', 'keys', '--demo', '--out', 'gie')
  const trust = ['--root', 'gie/root.json', '--status', 'gie/status.json']
  await certify(folder, 'label', 'sign', file, '--report', 'report.json', '--vendor', 'Bench', ...trust, '--key', 'gie/officer-1.pem', '--key', 'gie/officer-2.pem')
  await certify(folder, 'label', 'bundle', file, ...trust)
  return file.replace(/\.tgz$/, '.labelbundle')
}

/** Runs the command line as people do. @returns what it said */
async function certify(folder: string, ...args: readonly string[]): Promise<string> {
  const tsx = import.meta.resolve('tsx')
  const { stdout } = await run(process.execPath, ['--import', tsx, join(ROOT, 'certification/src/cli/main.ts'), ...args], { cwd: folder })
  return stdout
}
