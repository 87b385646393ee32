import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ButtonLink, EmptyState, Page } from '@liberacces/sdk/ui'
import { Slot, type SlotItem } from './slot.tsx'
import { useTranslate } from './translate.ts'

/** The Bureau virtuel of one agent. */
export interface BureauPageProps {
  readonly actorName: string
  /** In the agent's order, hidden ones left out. */
  readonly tiles: readonly SlotItem[]
}

/** The Bureau virtuel: the tiles an agent chose, in their order. */
export function BureauPage({ actorName, tiles }: BureauPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('bureau.title', { name: actorName })} actions={<ButtonLink href="/bureau/organiser">{t('bureau.arrange')}</ButtonLink>}>
      {tiles.length === 0 ? <EmptyState title={t('bureau.empty')}><p>{t('bureau.empty.advice')}</p></EmptyState> : <Slot items={tiles} layout="tiles" />}
    </Page>
  )
}
