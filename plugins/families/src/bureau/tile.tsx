import { Notice, SearchForm, Tile } from '@liberacces/sdk/ui'
import type { FamiliesContext } from '../families-types.ts'
import { overDocuments, withoutQuotient } from './alerts.tsx'

/** The tile of the Bureau: requests that wait, how many children there are, what is to see to. */
export async function familiesTile(c: FamiliesContext) {
  const waiting = Number((await c.db.selectFrom('request').select((is) => is.fn.countAll().as('total')).where('state', '=', 'sent').executeTakeFirstOrThrow()).total)
  const children = Number((await c.db.selectFrom('child').select((is) => is.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  const households = Number((await c.db.selectFrom('household').select((is) => is.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  const quotients = Number((await withoutQuotient(c).select((is) => is.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  const documents = Number((await overDocuments(c).select((is) => is.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  return (
    <Tile count={waiting} label={c.t('tile.waiting', { count: waiting })} href={c.url('/gestion/demandes')} linkLabel={c.t('tile.open')}>
      <p>{c.t('tile.counts', { children, households })}</p>
      <SearchForm action={c.url('/gestion')} name="nom" label={c.t('household.search')} />
      {quotients + documents > 0 && <Notice kind="warning"><a href={c.url('/gestion/alertes')}>{c.t('tile.alerts', { quotients, documents })}</a></Notice>}
    </Tile>
  )
}
