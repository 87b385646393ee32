import { Type } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, LinkRow, Notice, Page, Section } from '@liberacces/sdk/ui'
import { dayName } from '../attendance/day-name.ts'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { hasVegetarianDay } from './dish.ts'
import { DayMenu } from './dish-text.tsx'
import { copyWeekBefore, dishesBetween } from './menu-store.ts'
import { daysOf, mondayOf, plusDays } from './week.ts'

const access = { audience: 'agent', permission: 'menu.write' } as const
const Day = Type.String({ format: 'date' })

/** A week's menu as the kitchen writes it: dishes by day, the vegetarian day, copying the week before, publishing. */
export function registerWeekPage(k: CanteenRegistrar): void {
  k.page({ ...access, path: '/menus/semaine', title: 'menus.week', menu: 43, query: Type.Object({ jour: Type.Optional(Day) }) }, async (c, { query }) => {
    const monday = mondayOf(query.jour ?? c.today())
    const dishes = await dishesBetween(c.db, monday, plusDays(monday, 6))
    const published = await c.db.selectFrom('published_week').selectAll().where('monday', '=', monday).executeTakeFirst()
    const vegetarian = hasVegetarianDay(dishes)
    return (
      <Page title={c.t('menus.week')} intro={c.t('menus.weekOf', { day: c.format.date(monday) })} actions={(
        <>
          {dishes.length === 0 && <ActionButton action={c.url(`/menus/semaine/${monday}/copier`)} label={c.t('menus.copy')} />}
          {published === undefined
            ? dishes.length > 0 && <ActionButton action={c.url(`/menus/semaine/${monday}/publier`)} label={c.t('menus.publish')} kind="primary" />
            : <ActionButton action={c.url(`/menus/semaine/${monday}/retirer`)} label={c.t('menus.withdraw')} confirm={c.t('menus.withdraw.confirm')} />}
          <ButtonLink href={c.url('/menus/achats')}>{c.t('menus.purchases')}</ButtonLink>
        </>
      )}>
        <p>{published === undefined ? <Badge kind="warning">{c.t('menus.draft')}</Badge> : <Badge kind="success">{c.t('menus.published', { at: c.format.dateTime(published.published_at) })}</Badge>}</p>
        {vegetarian === false && <Notice kind="warning"><p>{c.t('menus.noVegetarianDay')}</p></Notice>}
        {c.settings.siret === undefined && published !== undefined && <Notice kind="info"><p>{c.t('menus.noSiret')}</p></Notice>}
        {daysOf(monday).map((day) => (
          <Section key={day} title={dayName(c.locale, day)} actions={<ButtonLink href={c.url('/menus/plat', { jour: day })} subject={dayName(c.locale, day)}>{c.t('menus.dish.add')}</ButtonLink>}>
            <DayMenu c={c} level={3} dishes={dishes.filter((dish) => dish.day === day)} edit={({ id }) => c.url(`/menus/plat/${id}`)} />
          </Section>
        ))}
        <LinkRow label={c.t('menus.weeks')} items={[
          { label: c.t('menus.weekOf', { day: c.format.date(plusDays(monday, -7)) }), href: c.url('/menus/semaine', { jour: plusDays(monday, -7) }), hint: c.t('menus.before'), rel: 'prev' },
          { label: c.t('menus.weekOf', { day: c.format.date(plusDays(monday, 7)) }), href: c.url('/menus/semaine', { jour: plusDays(monday, 7) }), hint: c.t('menus.after'), rel: 'next' },
        ]} />
      </Page>
    )
  })

  const params = Type.Object({ monday: Day })
  k.action({ ...access, path: '/menus/semaine/:monday/copier', params }, async (c, { params: { monday } }) => {
    if (mondayOf(monday) !== monday) return c.notFound()
    const copied = await copyWeekBefore(c, monday)
    return copied === 0 ? c.invalid({ '': c.t('menus.copy.none') }) : c.redirect(c.url('/menus/semaine', { jour: monday }), 'menus.copied')
  })
  k.action({ ...access, path: '/menus/semaine/:monday/publier', params }, async (c, { params: { monday } }) => {
    if (mondayOf(monday) !== monday) return c.notFound()
    await c.db.insertInto('published_week').values({ monday, published_at: c.now().toISOString() }).onConflict((on) => on.column('monday').doNothing()).execute()
    await c.audit('menu.published', monday)
    return c.redirect(c.url('/menus/semaine', { jour: monday }), 'menus.publish.done')
  })
  k.action({ ...access, path: '/menus/semaine/:monday/retirer', params }, async (c, { params: { monday } }) => {
    await c.db.deleteFrom('published_week').where('monday', '=', monday).execute()
    await c.audit('menu.withdrawn', monday)
    return c.redirect(c.url('/menus/semaine', { jour: monday }), 'menus.withdraw.done')
  })
}
