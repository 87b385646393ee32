import { addDays } from '@liberacces/sdk'
import { Badge, Time } from '@liberacces/sdk/ui'
import type { FamiliesContext } from './families-types.ts'
import type { Tables } from './tables.ts'

/** Days before its end from which on a document is said to end. */
export const NOTICE_DAYS = 30

/** Whether a document holds, in words. */
export function DocumentState({ c, document }: { readonly c: FamiliesContext; readonly document: Pick<Tables['document'], 'valid_until'> }) {
  const { valid_until: until } = document
  if (until === null) return <Badge kind="success">{c.t('document.received')}</Badge>
  const state = until < c.today() ? 'ended' : until < addDays(c.today(), NOTICE_DAYS) ? 'ending' : 'valid'
  return <><Badge kind={state === 'ended' ? 'error' : state === 'ending' ? 'warning' : 'success'}>{c.t(`document.${state}`)}</Badge> <Time date={until} /></>
}
