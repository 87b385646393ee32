import { TextBody, Type } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import { ActionButton, Badge, ButtonLink, DataTable, Form, Notice, Page, Section } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { dayName } from './day-name.ts'
import { changesBetween, totalOf, type MealChange, type MealCount, type MealLine } from './meal-count.ts'
import { countNow, mealsFor, openCount } from './meals-of-day.ts'
import { dietTexts, schoolText, sendOrder } from './send-order.ts'

const access = { audience: 'agent', permission: 'meal-order.read' } as const
const Day = Type.String({ format: 'date' })
const Id = Type.String({ minLength: 1, maxLength: 200 })

/** Meals for the kitchen or the supplier: what is expected, what was ordered, and what has changed since. */
export function registerOrders(k: CanteenRegistrar): void {
  k.page({ ...access, path: '/commandes', title: 'attendance.orders.title', menu: 42, query: Type.Object({ jour: Type.Optional(Day) }) }, async (c, { query }) => {
    const day = query.jour ?? c.today()
    const now = await mealsFor(c, day)
    const orders = await c.db.selectFrom('meal_order').selectAll().where('day', '=', day).orderBy('number', 'desc').execute()
    const [last] = orders
    const ordered = last === undefined ? undefined : await openCount(c, last.content)
    const changes = now === undefined || ordered === undefined ? undefined : changesBetween(ordered, now.count)
    const current = `${c.t('attendance.orders.now')} – ${dayName(c.locale, day)}`
    const mails = c.granted('mail:send') && c.settings.orderTo !== undefined
    return (
      <Page title={c.t('attendance.orders.title')} intro={c.t('attendance.orders.intro')}
        actions={c.actor.can('booking.manage') && <ActionButton action={c.url(`/commandes/jour/${day}/envoyer`)} label={c.t(mails ? 'attendance.orders.send' : 'attendance.orders.keep')} kind="primary" confirm={c.t('attendance.orders.send.confirm')} />}>
        <Form method="get" action={c.url('/commandes')}>
          <div class="la-field"><label for="jour">{c.t('attendance.day')}</label><input id="jour" type="date" name="jour" value={day} /></div>
          <button type="submit" class="la-button">{c.t('attendance.day.show')}</button>
        </Form>
        {last !== undefined && changes !== undefined && (changes.length === 0
          ? <Notice kind="success"><p>{c.t('attendance.orders.unchanged', { number: String(last.number) })}</p></Notice>
          : <Notice kind="warning"><p>{c.t('attendance.orders.changed', { number: String(last.number), count: changes.length })}</p></Notice>)}
        <Section title={current}>
          {now === undefined ? <Notice kind="info"><p>{c.t('attendance.orders.uncounted')}</p></Notice> : (
            <>
              {/* Where there is neither a line nor a change the table's place says so already. */}
              {(now.count.length > 0 || (changes ?? []).length > 0) && <p><strong>{c.t('attendance.orders.total', { count: totalOf(now.count) })}</strong>{now.countedAt !== undefined && ` ${c.t('attendance.orders.countedAt', { at: c.format.dateTime(now.countedAt) })}`}</p>}
              <Meals c={c} caption={current} count={now.count} changes={changes ?? []} />
            </>
          )}
        </Section>
        <Section title={c.t('attendance.orders.list')}>
          <DataTable caption={c.t('attendance.orders.list')} rows={orders} rowKey={({ id }) => id} empty={c.t('attendance.orders.none')} columns={[
            { key: 'number', header: c.t('attendance.orders.number'), cell: (order) => <a href={c.url(`/commandes/${order.id}`)}>{c.t('attendance.orders.numbered', { number: String(order.number) })}</a> },
            { key: 'at', header: c.t('attendance.orders.at'), cell: (order) => c.format.dateTime(order.sent_at) },
            { key: 'meals', header: c.t('attendance.orders.meals'), numeric: true },
            { key: 'to', header: c.t('attendance.orders.to'), cell: (order) => order.recipient ?? c.t('attendance.orders.notMailed') },
          ]} />
        </Section>
      </Page>
    )
  })

  k.page({ ...access, path: '/commandes/:id', title: 'attendance.orders.title', params: Type.Object({ id: Id }) }, async (c, { params: { id } }) => {
    const order = await c.db.selectFrom('meal_order').selectAll().where('id', '=', id).executeTakeFirst()
    if (order === undefined) return c.notFound()
    const count = await openCount(c, order.content)
    const title = c.t('attendance.orders.one', { number: String(order.number) })
    return c.page(`${title} – ${dayName(c.locale, order.day)}`, (
      <Page title={title} intro={dayName(c.locale, order.day)} breadcrumb={[{ label: c.t('attendance.orders.title'), href: c.url('/commandes', { jour: order.day }) }]} actions={<ButtonLink href={c.url(`/commandes/${id}/export.csv`)}>{c.t('attendance.orders.csv')}</ButtonLink>}>
        {count === undefined ? <Notice kind="error"><p>{c.t('attendance.orders.unreadable')}</p></Notice> : (
          <>
            <p><strong>{c.t('attendance.orders.total', { count: order.meals })}</strong></p>
            <Meals c={c} caption={title} count={count} changes={[]} />
          </>
        )}
      </Page>
    ))
  })

  k.route({ ...access, method: 'GET', path: '/commandes/:id/export.csv', params: Type.Object({ id: Id }), summary: 'Meal order (CSV)', response: { 200: TextBody('text/csv') } }, async (c, { params: { id } }) => {
    const order = await c.db.selectFrom('meal_order').selectAll().where('id', '=', id).executeTakeFirst()
    const count = order === undefined ? undefined : await openCount(c, order.content)
    if (order === undefined || count === undefined) return c.notFound()
    const header = [c.t('attendance.csv.day'), c.t('attendance.orders.school'), c.t('attendance.orders.unit'), c.t('attendance.orders.meals'), c.t('attendance.csv.allergens')]
    return c.reply(200, writeCsv(header, count.map((line) => [order.day, schoolText(c, line), line.unit, line.meals, dietTexts(c, line).join(' ; ')])), { 'content-disposition': `attachment; filename="repas-${order.day}-${order.number}.csv"` })
  })

  k.action({ audience: 'agent', permission: 'booking.manage', path: '/commandes/jour/:day/envoyer', params: Type.Object({ day: Day }) }, async (c, { params: { day } }) => {
    await sendOrder(c, day, await countNow(c, day))
    return c.redirect(c.url('/commandes', { jour: day }), 'attendance.orders.sent')
  })
}

function Meals({ c, caption, count, changes }: { readonly c: CanteenContext; readonly caption: string; readonly count: MealCount; readonly changes: readonly MealChange[] }) {
  const same = (one: MealLine, other: MealLine): boolean => one.schoolId === other.schoolId && one.unitId === other.unitId
  const gone = changes.flatMap(({ line }) => (count.some((one) => same(one, line)) ? [] : [line]))
  return <DataTable caption={caption} rows={[...count, ...gone]} rowKey={({ schoolId, unitId }) => `${schoolId} ${unitId}`} empty={c.t('attendance.orders.total', { count: 0 })} columns={[
    { key: 'school', header: c.t('attendance.orders.school'), cell: (line) => schoolText(c, line) },
    { key: 'unit', header: c.t('attendance.orders.unit') },
    { key: 'meals', header: c.t('attendance.orders.meals'), numeric: true },
    { key: 'pai', header: c.t('attendance.orders.pai'), cell: (line) => dietTexts(c, line).join(' ; ') },
    { key: 'difference', header: c.t('attendance.orders.difference'), numeric: true, cell: (line) => {
      const change = changes.find((one) => same(one.line, line))
      return change === undefined ? '' : <Badge kind="warning">{change.difference === 0 ? c.t('attendance.orders.pai') : `${change.difference > 0 ? '+' : '−'}${Math.abs(change.difference)}`}</Badge>
    } },
  ]} />
}
