import type { AnyCheck } from '../../src/harness/check.ts'
import type { CheckRow } from '../../src/harness/report.ts'
import { failureText } from '../../src/report/failure-text.ts'

/** What a failing check says, with what differs from run to run made the same: the place of the plugin, ports, and digests. */
export function goldenText(check: AnyCheck, row: CheckRow, path: string): string {
  return `${failureText(check, row)
    .replaceAll(path, 'PATH')
    .replaceAll(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replaceAll(/localhost:\d+/g, 'localhost:PORT')
    .replaceAll(/sha256-[A-Za-z0-9+/=]{44}/g, 'sha256-DIGEST')}\n`
}
