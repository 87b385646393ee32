import { STATEMENT_TYPE, subjectName } from '@liberacces/core'
import type { CertifyReport } from './certify-report.ts'

/** Type of in-toto's predicate for results of tests. */
export const TEST_RESULT_PREDICATE = 'https://in-toto.io/attestation/test-result/v0.1'

/** In front of the name of what was given beside the plugin, in the configuration. */
export const INPUT = 'input:'

/** How a report is kept beside the label: all that is needed to come to the same verdict again. */
export interface TestResult {
  readonly _type: typeof STATEMENT_TYPE
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicateType: typeof TEST_RESULT_PREDICATE
  readonly predicate: {
    readonly result: 'PASSED' | 'WARNED' | 'FAILED'
    readonly configuration: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
    readonly passedTests: readonly string[]
    readonly warnedTests: readonly string[]
    readonly failedTests: readonly string[]
    readonly skippedTests: readonly string[]
    /** With the archive and the catalogue, all that the verdict depends on. */
    readonly seed: number
    readonly grade: CertifyReport['grade']
    readonly platform: string
  }
}

/** A report as an in-toto statement on the archive. */
export function testResultOf({ plugin, verdict, grade, seed, checks, catalogue, platform, harness, inputs }: CertifyReport, sha256: string): TestResult {
  const named = (...statuses: readonly string[]): readonly string[] => checks.filter(({ status }) => statuses.includes(status)).map(({ id }) => id).sort()
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: subjectName(plugin.id, plugin.version), digest: { sha256 } }],
    predicateType: TEST_RESULT_PREDICATE,
    predicate: {
      result: verdict === 'pass' ? 'PASSED' : verdict === 'review' ? 'WARNED' : 'FAILED',
      configuration: [
        { name: `catalogue@${catalogue.version}`, digest: { sha256: hexOf(catalogue.digest) } },
        { name: `harness@${harness.version}`, digest: { sha256: hexOf(harness.digest) } },
        ...inputs.map(({ name, digest }) => ({ name: `${INPUT}${name}`, digest: { sha256: hexOf(digest) } })),
      ],
      passedTests: named('pass'), warnedTests: named('review'), failedTests: named('fail', 'error'), skippedTests: named('skip'),
      seed, grade, platform,
    },
  }
}

/** `sha256-<base64>` as hex. */
export function hexOf(digest: string): string {
  return Buffer.from(digest.slice('sha256-'.length), 'base64').toString('hex')
}
