import { Notice, SearchForm, Tile, Time } from '@liberacces/sdk/ui'
import type { DirectoryContext } from '../directory-types.ts'
import { mandatesEnding } from '../store/mandates.ts'
import { onlyPublic, peopleMatching } from '../store/people-search.ts'
import { today } from '../store/people.ts'

/** Mandates named in the tile; the others are counted. */
const NAMED = 3

/** The tile of the Bureau: figures, a search, mandates that end soon. */
export async function directoryTile(c: DirectoryContext) {
  const day = today(c)
  const count = async (table: 'person' | 'service' | 'association') =>
    Number((await c.db.selectFrom(table).select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  const elected = Number((await onlyPublic(peopleMatching(c.db, []), day, false).clearSelect().select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow()).total)
  const agents = Number((await c.db.selectFrom('person').select((eb) => eb.fn.countAll().as('total')).where('kind', '=', 'agent').executeTakeFirstOrThrow()).total)
  const [services, associations] = [await count('service'), await count('association')]
  const ending = await mandatesEnding(c.db, day, c.settings.noticeDays)
  return (
    <Tile href={c.url('/gestion')} linkLabel={c.t('tile.open')}>
      <p>{c.t('tile.counts', { elected, agents, services, associations })}</p>
      <SearchForm action={c.url('/gestion')} name="nom" label={c.t('manage.search')} />
      {ending.length > 0 && (
        <Notice kind="warning" title={c.t('tile.ending', { count: ending.length, days: c.settings.noticeDays })}>
          <ul>
            {ending.slice(0, NAMED).map((mandate) => (
              <li key={mandate.id}>
                <a href={c.url(`/gestion/personnes/${mandate.personId}`)}>{mandate.personName}</a>
                {mandate.lastDay !== undefined && <> (<Time date={mandate.lastDay} />)</>}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Tile>
  )
}
