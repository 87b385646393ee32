import type { AnyCheck } from '../../src/harness/check.ts'
import type { CheckRow } from '../../src/harness/report.ts'
import { failureText } from '../../src/report/failure-text.ts'

/** What a failing check says, with what differs from run to run made the same: the place of the plugin, ports, digests, ids that are drawn, large numbers, and canaries. */
export function goldenText(check: AnyCheck, row: CheckRow, path: string): string {
  return `${failureText(check, row)
    .replaceAll(path, 'PATH')
    .replaceAll(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replaceAll(/localhost:\d+/g, 'localhost:PORT')
    // Who wrote it first depends on which checks ran before.
    .replaceAll(/, typed by .* into .*$/gm, ', typed by SOMEBODY into SOMETHING')
    .replaceAll(/larger than \d+ bytes/g, 'larger than N bytes')
    .replaceAll(/sha256-[A-Za-z0-9+/=]{44}/g, 'sha256-DIGEST')
    .replaceAll(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, 'UUID').replaceAll(/\bc[0-9a-f]{11}[0-9a-z]{2}\b/g, 'CANARY').replaceAll(/\b\d{6,}\b/g, 'N')}\n`
}
