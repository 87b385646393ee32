import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Time } from '@liberacces/sdk/ui'
import type { OutageKind } from '../health/outage.ts'
import { useTranslate } from './translate.ts'

/** A plugin that answers nobody for now, as a page shows it. */
export interface ShownOutage {
  readonly kind: OutageKind
  /** The plugin's, in the reader's language. */
  readonly title: string
  /** ISO 8601. */
  readonly since: string
}

/** What is the matter with a plugin, and since when: a sentence or two. */
export function OutageText({ outage: { kind, title, since } }: { readonly outage: ShownOutage }): JSX.Element {
  const t = useTranslate()
  return <>{t(`outage.${kind}`, { title })} <Time date={since} withTime />. {t(`outage.${kind}.next`)}</>
}
