import type { CheckText } from '../harness/catalogue.ts'
import type { AnyCheck } from '../harness/check.ts'
import type { Report } from '../harness/report.ts'
import { htmlReport } from './html.ts'
import { junitReport } from './junit.ts'
import { prettyReport } from './pretty.ts'
import { sarifReport } from './sarif.ts'

/** What a report is written with. */
interface Written {
  readonly checks: readonly AnyCheck[]
  readonly texts: readonly CheckText[]
  /** Version of the harness. */
  readonly harness: string
}

/** How a report can be written, and the name of the file it goes to. */
export const FORMATS = {
  pretty: { file: 'certification.txt', write: (report: Report, { checks }: Written) => prettyReport(report, checks) },
  json: { file: 'certification.json', write: (report: Report) => `${JSON.stringify(report, null, 2)}\n` },
  sarif: { file: 'certification.sarif', write: (report: Report, { texts, harness }: Written) => `${JSON.stringify(sarifReport(report, texts, harness), null, 2)}\n` },
  junit: { file: 'certification.junit.xml', write: (report: Report) => junitReport(report) },
  html: { file: 'certification.html', write: (report: Report, { texts }: Written) => htmlReport(report, texts) },
} as const satisfies Record<string, { readonly file: string; readonly write: (report: Report, written: Written) => string }>

export type Format = keyof typeof FORMATS
