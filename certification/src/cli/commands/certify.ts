import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { GRADES, platformVersion } from '@liberacces/core'
import { InvalidArgumentError, Option } from 'commander'
import { CHECKS } from '../../checks/index.ts'
import { baselineOf } from '../../harness/baseline.ts'
import { catalogueTexts } from '../../harness/catalogue.ts'
import { certifyAside, RunLost } from '../../harness/certify-aside.ts'
import type { Level } from '../../harness/check.ts'
import { chooseChecks } from '../../harness/choose-checks.ts'
import { NoSubject } from '../../harness/no-subject.ts'
import { EXITS, type Report } from '../../harness/report.ts'
import type { Progress } from '../../harness/run-checks.ts'
import { FORMATS, type Format } from '../../report/formats.ts'
import { progressLine } from '../../report/pretty.ts'
import type { CertifyCommand } from '../certify-command.ts'
import { untilStopped } from '../until-stopped.ts'

interface Options {
  readonly grade: Level
  readonly only?: readonly string[]
  readonly format?: readonly Format[]
  readonly out?: string
  readonly seed: number
  readonly quiet?: boolean
  readonly baseline?: string
  readonly writeBaseline?: string
  readonly waivers?: string
  readonly advisories?: string
  readonly previous?: string
  readonly source?: string
  readonly with?: readonly string[]
  readonly inline?: boolean
}

const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(',').filter((part) => part.trim() !== '')]
const seed = (value: string): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 0x7fffffff) throw new InvalidArgumentError('It is a whole number from 0 to 2147483647.')
  return number
}

/** `PATH [--grade …] [--only …] [--format …]… [--out DIR] [--seed N] …` */
export const certifyCommand: CertifyCommand = (program, { folder, out, err, clock }, done) => {
  program.command('check', { isDefault: true })
    .description('say whether a plugin is what the platform takes; the word "check" may be left out')
    .argument('<path>', 'folder of the plugin\'s package, or its .tgz')
    .addOption(new Option('--grade <grade>', 'which checks block; all are run').choices([...GRADES]).default('bronze'))
    .option('--only <ids>', 'run these checks alone: ID,… (may be repeated)', list)
    .addOption(new Option('--format <formats>', `how to report: ${Object.keys(FORMATS).join(', ')} (may be repeated)`).argParser(list))
    .option('--out <dir>', 'where to put the reports; without it, one goes to the terminal')
    .option('--seed <n>', 'for all that is drawn by lot', seed, 1)
    .option('--quiet', 'say nothing before the report')
    .option('--baseline <file>', 'known findings that shall not block; a certifier takes no report made with one')
    .option('--write-baseline <file>', 'make such a file of what is found')
    .option('--waivers <file>', 'what a certifier lets pass, with reason, date and signer')
    .option('--advisories <file>', 'a snapshot of known vulnerabilities in the format of OSV: a JSON file, or a folder of them')
    .option('--previous <tgz>', 'the archive of the version before, to compare with')
    .option('--source <dir>', 'the folder that a .tgz was packed from')
    .option('--with <tgz>', 'the archive of a plugin that this one requires (may be repeated)', list)
    .option('--inline', 'run the plugin in the process of the harness, outside of all walls, to debug it: only for code that you know')
    .helpOption('-h, --help', 'say how to use this command')
    .action(async (path: string, options: Options) => {
      const refuse = (message: string, fix: string): void => {
        err(`liberacces-certify: ${message} ${fix}\n`)
        done(2)
      }
      const formats: readonly Format[] = options.format ?? ['pretty']
      const wrong = formats.find((format) => !Object.hasOwn(FORMATS, format))
      if (wrong !== undefined) return refuse(`There is no format "${wrong}".`, `There are ${Object.keys(FORMATS).join(', ')}.`)
      if (options.out === undefined && new Set(formats).size > 1) return refuse('Several formats cannot all go to the terminal.', 'Say with --out DIR where to put them.')
      const { unknown } = chooseChecks(CHECKS, options.only)
      if (unknown.length > 0) return refuse(`There is no check ${unknown.join(', ')}.`, 'See `liberacces-certify list`.')

      let running: AbortSignal | undefined
      try {
        // Nobody shall wait for a report that then has no place.
        const place = options.out === undefined ? undefined : resolve(folder, options.out)
        const { writeBaseline } = options
        await written(async () => {
          if (place !== undefined) await mkdir(place, { recursive: true })
          if (writeBaseline !== undefined) await access(dirname(resolve(folder, writeBaseline)), constants.W_OK)
        })
        const report = await untilStopped((signal) => {
          running = signal
          return certifyAside({
            path, cwd: folder, grade: options.grade, only: options.only, seed: options.seed, baseline: options.baseline, waivers: options.waivers, today: new Date(clock()).toISOString(),
            given: { advisories: options.advisories, previous: options.previous, source: options.source, alongside: options.with, inline: options.inline },
          }, { signal, ...(options.quiet === true ? {} : { progress: (progress) => { tell(progress, err) } }) })
        })
        await written(() => deliver(report, formats, place, out))
        if (writeBaseline !== undefined) await written(() => writeFile(resolve(folder, writeBaseline), `${JSON.stringify(baselineOf(report.checks), null, 2)}\n`))
        done(EXITS[report.verdict])
      } catch (error) {
        if (error instanceof NoSubject) refuse(error.message, error.fix)
        else if (error instanceof RunLost && running?.aborted === true) refuse(error.message, 'Start it again when you like.')
        else if (error instanceof RunLost) refuse(error.message, 'Run it again with --only and the check that it hung in, if it says so.')
        else throw error
      }
    })
}

/** @throws NoSubject when a file cannot be written */
async function written(body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException | undefined)?.code === undefined) throw cause
    throw new NoSubject(`The report cannot be written: ${(cause as Error).message}.`, 'Name a place that can be written to.', { cause })
  }
}

function tell(progress: Progress, err: (text: string) => void): void {
  switch (progress.kind) {
    case 'gate': return err(`gate ${progress.gate}: ${progress.checks} checks\n`)
    case 'end': return err(`${progressLine(progress.row)}\n`)
    case 'say': return err(`  … ${progress.what}\n`)
    case 'start': return undefined
    default: return progress satisfies never
  }
}

async function deliver(report: Report, formats: readonly Format[], folder: string | undefined, out: (text: string) => void): Promise<void> {
  const written = { checks: CHECKS, texts: catalogueTexts(), harness: platformVersion() }
  for (const format of new Set(formats)) {
    const { file, write } = FORMATS[format]
    const text = write(report, written)
    if (folder === undefined) out(text)
    else await writeFile(join(folder, file), text)
  }
  // Whoever has the reports put into files still wants to see the verdict.
  if (folder !== undefined) out(FORMATS.pretty.write(report, written))
}
