import { Type } from '@liberacces/sdk'
import { Form, Page, Roll } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { ListFields } from './list-page.tsx'
import { childrenNamed } from './mark-forms.ts'
import { unitById } from './units-of-day.ts'
import { verbsOf } from './verb.ts'

const Query = Type.Object({ unite: Type.String({ minLength: 1, maxLength: 200 }), jour: Type.String({ format: 'date' }), q: Type.String({ maxLength: 200, default: '' }) })

/** A child that nobody expected, found by name. */
export function registerExtraPage(k: CanteenRegistrar): void {
  k.page({ path: '/pointage/ajouter', audience: 'agent', permission: 'attendance.record', title: 'attendance.extra', query: Query }, async (c, { query: { unite, jour, q } }) => {
    const unit = await unitById(c.db, unite)
    if (unit === undefined) return c.notFound()
    const found = await childrenNamed(c, jour, q)
    const list = c.url('/pointage/liste', { unite, jour })
    return (
      <Page title={c.t('attendance.extra')} breadcrumb={[{ label: c.t('attendance.title'), href: c.url('/pointage', { jour }) }, { label: unit.name, href: list }]}>
        <search>
          <form class="la-search" action={c.url('/pointage/ajouter')} method="get">
            <ListFields unite={unite} jour={jour} />
            <div class="la-field"><label for="q">{c.t('attendance.filter')}</label><input id="q" type="search" name="q" value={q} /></div>
            <button type="submit" class="la-button la-button-primary">{c.t('attendance.extra.find')}</button>
          </form>
        </search>
        {q !== '' && <p role="status">{c.t('attendance.extra.found', { count: found.length })}</p>}
        {found.length > 0 && (
          <Form action={c.url('/pointage/marquer')}>
            <ListFields unite={unite} jour={jour} />
            <Roll label={c.t('attendance.others.label')} items={found.map((child) => ({
              id: `enfant-${child.id}`, name: `${child.lastName} ${child.firstName}`, ...(child.className === undefined ? {} : { detail: child.className }),
              actions: verbsOf(unit.kind === 'hourly').slice(0, 1).map((verb) => ({ label: c.t(`attendance.verb.${verb}`), name: 'marque', value: `${verb}:${child.id}` })),
            }))} />
          </Form>
        )}
      </Page>
    )
  })
}
