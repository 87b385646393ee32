import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { useTranslate, type Translate } from './translate.ts'

/** What a process ended by, as the supervisor writes it down, and what a page says of it. What is not among them is shown as it is, in English. */
const REASONS: readonly (readonly [RegExp, (t: Translate, found: readonly string[]) => string])[] = [
  [/^out of memory \((\d+) Mi?B\)$/, (t, [size = '']) => t('health.why.memory', { count: Number(size) })],
  [/^killed \((SIG[A-Z0-9]+)\)$/, (t, [signal = '']) => t('health.why.killed', { signal })],
  [/^killed by the platform$/, (t) => t('health.why.ended')],
  [/^ended by itself \(exit code (\d+|-)\)$/, (t, [code = '']) => t('health.why.exit', { code })],
  [/^could not be started \(exit code (\d+|-)\)$/, (t, [code = '']) => t('health.why.start', { code })],
  [/^it did not answer (?:any more|within \d+ ms)$/, (t) => t('health.why.hangs')],
]
/** Behind the reason, where a process was shared. */
const AT_WORK = /^(.*); at work in it: (.+)$/

/** Why a process ended, in the reader's language where it is one of the usual reasons. */
export function CrashReason({ why }: { readonly why: string }): JSX.Element {
  const t = useTranslate()
  const [, reason = why, names] = AT_WORK.exec(why) ?? []
  for (const [pattern, text] of REASONS) {
    const found = pattern.exec(reason)
    if (found !== null) return <span class="breakable">{text(t, found.slice(1))}{names !== undefined && <> – {t('health.why.atWork', { names })}</>}</span>
  }
  return <span lang="en" class="breakable">{why}</span>
}
