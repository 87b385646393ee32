import { Type } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, DataTable, Page, Time } from '@liberacces/sdk/ui'
import { countRegistered, registeredItems } from '../items.ts'
import { dayOf, stateOn, type ItemState } from '../lost-item.ts'
import type { LostPropertyRegistrar } from '../lost-property-types.ts'
import type { ItemRow } from '../tables.ts'

const PAGE_SIZE = 25
const Query = Type.Object({ page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) })
const BADGE_OF_STATE = { kept: 'info', returned: 'success', unclaimed: 'neutral' } as const satisfies Record<ItemState, string>

/** The register, for agents. */
export function registerAgentList(k: LostPropertyRegistrar): void {
  k.page({ path: '/gestion', audience: 'agent', permission: 'item.read', title: 'page.register', menu: 40, query: Query }, async (c, { query: { page } }) => {
    const today = dayOf(c.now())
    const pageCount = Math.ceil((await countRegistered(c.db)) / PAGE_SIZE)
    const rows = await registeredItems(c.db, { offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
    const stateOf = (row: ItemRow): ItemState => stateOn({ keptUntil: row.kept_until, returnedOn: row.returned_on ?? undefined }, today)
    const mayWrite = c.actor.can('item.write')
    return (
      <Page title={c.t('page.register')} actions={mayWrite && <ButtonLink kind="primary" href={c.url('/gestion/nouveau')}>{c.t('page.record')}</ButtonLink>}>
        <DataTable
          caption={c.t('register.caption')}
          rows={rows}
          rowKey={({ id }) => id}
          empty={c.t('register.empty')}
          pagination={{ page, pageCount, href: (to) => c.url('/gestion', { page: to }) }}
          columns={[
            { key: 'label', header: c.t('field.label') },
            { key: 'category', header: c.t('field.category'), cell: ({ category }) => c.t(`field.category.${category}`) },
            { key: 'found_on', header: c.t('field.foundOn'), cell: ({ found_on }) => <Time date={found_on} /> },
            { key: 'found_place', header: c.t('field.foundPlace') },
            { key: 'details', header: c.t('field.details'), cell: ({ details }) => details ?? '' },
            { key: 'finder_name', header: c.t('register.finder'), cell: ({ finder_name, finder_email }) => [finder_name, finder_email].filter((part) => part !== null).join(', ') },
            { key: 'kept_until', header: c.t('register.keptUntil'), cell: ({ kept_until }) => <Time date={kept_until} /> },
            { key: 'state', header: c.t('register.state'), cell: (row) => <Badge kind={BADGE_OF_STATE[stateOf(row)]}>{c.t(`state.${stateOf(row)}`)}</Badge> },
            ...(mayWrite ? [{
              key: 'action', header: c.t('register.action'),
              cell: (row: ItemRow) => stateOf(row) === 'kept' && (
                <ActionButton action={c.url(`/gestion/objets/${row.id}/rendre`)} label={c.t('action.return')} confirm={c.t('action.return.confirm', { label: row.label })} />
              ),
            }] : []),
          ]}
        />
      </Page>
    )
  })
}
