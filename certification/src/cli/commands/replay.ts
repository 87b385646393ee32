import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveDigests, readLabel, requireInputs } from '@liberacces/core'
import { CHECKS } from '../../checks/index.ts'
import { certifyAside, RunLost } from '../../harness/certify-aside.ts'
import { NoSubject } from '../../harness/no-subject.ts'
import { readCertifyReport } from '../../label/certify-report.ts'
import { LabelError } from '../../label/label-error.ts'
import { replayOf } from '../../label/replay-label.ts'
import type { TestResult } from '../../label/test-result.ts'
import type { CertifyCommand } from '../certify-command.ts'
import { untilStopped } from '../until-stopped.ts'
import { collect, runLabel } from './label/label-command.ts'
import { readIfThere } from './label/label-files.ts'
import { foundAt } from './label/verified-label.ts'

interface Options {
  readonly advisories?: string
  readonly previous?: string
  readonly source?: string
  readonly with?: readonly string[]
  readonly json?: boolean
}

/** `replay LABEL`: the same verdict again, from digests and seed. */
export const replayCommand: CertifyCommand = (program, context, done) => {
  const { folder, err, clock } = context
  const run = runLabel(context, done)
  program.command('replay')
    .description('run the checks again that a label rests on, with its seed: 0 when each comes to the same, 1 when one does not')
    .argument('<label>', 'a .labelbundle, or a .label.json with its .tgz and .test-result.json beside it')
    .option('--advisories <file>', 'as for a check: the snapshot that was used then')
    .option('--previous <tgz>', 'as for a check')
    .option('--source <dir>', 'as for a check')
    .option('--with <tgz>', 'as for a check (may be repeated)', collect)
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use this command')
    .action((file: string, options: Options) => run(options, async () => {
      const found = await foundAt(folder, file)
      const testResult = found.testResult ?? await readIfThere(folder, `${file.replace(/\.(label\.json|tgz)$/, '')}.test-result.json`)
      if (testResult === undefined) throw new LabelError('The result that the label rests on does not lie beside it.', 'Put the .test-result.json there, or give the bundle.', 2)
      const { statement } = readLabel(found.label)
      requireInputs(statement, { ...found, testResult })
      if (statement.subject[0]?.digest.sha256 !== archiveDigests(found.archive).sha256) throw new LabelError('The label is for another archive than the one beside it.', 'Give the archive that was labelled.')
      const result = JSON.parse(testResult.toString()) as TestResult
      const { passedTests, warnedTests, failedTests, skippedTests } = result.predicate
      const then = new Set([...passedTests, ...warnedTests, ...failedTests, ...skippedTests])
      // Checks that came later are no part of what the label rests on.
      const only = CHECKS.map(({ id }): string => id).filter((id) => then.has(id))
      return untilStopped(async (signal) => {
        const place = await mkdtemp(join(tmpdir(), 'liberacces-replay-'))
        try {
          const path = join(place, 'plugin.tgz')
          await writeFile(path, found.archive)
          const report = await certifyAside({ path, cwd: folder, only, grade: result.predicate.grade, seed: result.predicate.seed, today: new Date(clock()).toISOString(), given: { advisories: options.advisories, previous: options.previous, source: options.source, alongside: options.with } },
            { signal, progress: (progress) => { if (progress.kind === 'gate') err(`gate ${progress.gate}: ${progress.checks} checks\n`) } })
          const replay = replayOf(result, readCertifyReport(JSON.stringify(report), 'The fresh report'))
          return {
            ...(replay.same ? {} : { exit: 1 }), data: { ok: replay.same, ...replay },
            text: [replay.same ? `The same verdict: ${report.checks.length} checks came to what they came to then.` : `Another verdict: ${replay.differences.length} of the checks came to something else.`,
              ...replay.differences.map(({ check, before, after }) => `  ${check}: ${before} then, ${after} now`), ...replay.conditions.map((condition) => `  ${condition}`)].join('\n'),
          }
        } catch (error) {
          if (error instanceof NoSubject) throw new LabelError(error.message, error.fix, 2, { cause: error })
          if (error instanceof RunLost) throw new LabelError(error.message, 'Run it again; a harness that fails says nothing of the plugin.', 2, { cause: error })
          throw error
        } finally {
          await rm(place, { recursive: true, force: true })
        }
      })
    }))
}
