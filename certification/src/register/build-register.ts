import { readStatusList, readTrustRoot } from '@liberacces/core'
import { badgeOf } from '../label/badge.ts'
import { readLabels, type RefusedFile } from './read-labels.ts'
import { registerFeed } from './register-feed.ts'
import { applicationPage, cataloguePage, registerPage } from './register-page.ts'
import { nameOf } from './register-words.ts'
import { REGISTER_STYLE } from './register-style.ts'

/** A register, and what was refused; when anything was, there are no files. */
export interface BuiltRegister {
  readonly files: ReadonlyMap<string, string | Buffer>
  readonly labels: number
  readonly applications: number
  readonly refused: readonly RefusedFile[]
}

/** What a register is built from. */
export interface RegisterPlan {
  /** Folder of `.labelbundle` and `.label.json` files. */
  readonly labels: string
  readonly root: Buffer
  readonly status: Buffer
  readonly now: number
  /** Address that it will stand at, `https://…`, for the badges. */
  readonly address?: string
}

/**
 * Builds the public register as a static site: no script, one style sheet, and beside the pages everything that is needed to verify what they say.
 * The same labels give the same bytes.
 * @throws PlatformError when the root of trust or the status list do not hold
 */
export async function buildRegister({ labels, root: rootBytes, status, now, address }: RegisterPlan): Promise<BuiltRegister> {
  const root = readTrustRoot(rootBytes)
  const list = readStatusList(status, root)
  const { entries, refused } = await readLabels(labels, root, list, now)
  const byId = Map.groupBy(entries, ({ id }) => id)
  if (refused.length > 0) return { files: new Map(), labels: entries.length, applications: byId.size, refused }
  const facts = { name: root.name, fingerprint: root.fingerprint, issued: list.issued }
  const index = entries.map(({ label: _label, changes, result, ...entry }) => ({
    ...entry, history: changes, ...(result === undefined ? {} : { checks: { passed: result.passedTests, failed: result.failedTests, review: result.warnedTests, skipped: result.skippedTests } }),
    page: `applications/${entry.id}.html`, label: `labels/${entry.idx}.label.json`,
  }))
  return {
    labels: entries.length, applications: byId.size, refused,
    files: new Map<string, string | Buffer>([
      ['index.html', registerPage('Applications compatibles', facts, cataloguePage(entries), '')],
      ...[...byId].map(([id, own]) => [`applications/${id}.html`, registerPage(own[0] === undefined ? id : nameOf(own[0]), facts, applicationPage(own), '../')] as const),
      ...entries.filter(({ state }) => state === 'valid').map((entry) => [
        `badges/${entry.id}-${entry.version}-${entry.idx}.svg`,
        badgeOf({ ...entry, title: nameOf(entry), ...(address === undefined ? {} : { register: `${address}/applications/${entry.id}.html` }) }),
      ] as const),
      ...entries.map(({ idx, label }) => [`labels/${idx}.label.json`, label] as const),
      ['index.json', `${JSON.stringify({ format: 'liberacces-register/1', certifier: root.id, name: root.name, fingerprint: root.fingerprint, issued: list.issued, labels: index }, null, 2)}\n`],
      ['flux.xml', registerFeed(entries, facts, root.id)], ['style.css', REGISTER_STYLE], ['root.json', rootBytes], ['status.json', status],
    ]),
  }
}
