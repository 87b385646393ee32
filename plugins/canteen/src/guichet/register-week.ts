import { Families } from '@liberacces/plugin-families/contract'
import { fulfil, type Asked, type Outcome, type Wish } from '../booking/engine/book.ts'
import { cellKey } from '../booking/engine/situation.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { changedCells, mondayFrom, weekPage, WeekFields, WeekQuery } from './week-page.tsx'

/** The week of the own household, and of any for agents. */
export function registerWeek(k: CanteenRegistrar): void {
  k.page({ path: '/semaine', audience: 'citizen', permission: 'booking.own', title: 'booking.week.menu', query: WeekQuery }, async (c, { query }) =>
    weekPage(c, { households: await c.use(Families).ownHouseholds({}), asker: 'family', query, path: '/semaine', save: '/semaine/enregistrer' }))

  k.form({ path: '/semaine/enregistrer', audience: 'citizen', permission: 'booking.own', title: 'booking.week.menu', schema: WeekFields }, async (c, data) => {
    const households = await c.use(Families).ownHouseholds({})
    return c.redirect(`/semaine?${await saved(c, changedCells(data, households.flatMap(({ children }) => children)), { asker: 'family', origin: 'family' }, mondayFrom(c, data.lundi))}`)
  }, async () => undefined)

  k.page({ path: '/gestion/foyers/:id/semaine', audience: 'agent', permission: 'booking.manage', title: 'booking.week.menu', query: WeekQuery }, async (c, { params, query }) => {
    const household = await c.use(Families).household({ id: params['id'] ?? '' })
    return household === null ? c.notFound() : weekPage(c, { households: [household], asker: 'agent', query, path: `/gestion/foyers/${household.id}/semaine`, save: `/gestion/foyers/${household.id}/semaine/enregistrer` })
  })

  k.form({ path: '/gestion/foyers/:id/semaine/enregistrer', audience: 'agent', permission: 'booking.manage', title: 'booking.week.menu', schema: WeekFields }, async (c, data, { params }) => {
    const household = await c.use(Families).household({ id: params['id'] ?? '' })
    if (household === null) return c.notFound()
    const query = await saved(c, changedCells(data, household.children), { asker: 'agent', origin: 'agent' }, mondayFrom(c, data.lundi))
    await c.audit('booking.on-behalf', household.id, {})
    return c.redirect(`/gestion/foyers/${household.id}/semaine?${query}`)
  }, async () => undefined)
}

/** Fulfils what was asked and says it to the page that follows. */
async function saved(c: CanteenContext, wishes: readonly Wish[], asked: Asked, monday: string): Promise<string> {
  return outcomeQuery(await c.transaction((tx) => fulfil(c, tx, wishes, asked)), monday)
}

/** How many were done and how many of these wait for a place, and which were not. */
export function outcomeQuery(outcomes: readonly Outcome[], monday: string): string {
  const refused = outcomes.filter(({ ok }) => !ok).map(({ child, unitId, day }) => cellKey(child.id, unitId, day)).slice(0, 40)
  const waiting = outcomes.filter((outcome) => outcome.ok && outcome.state === 'waiting').length
  return new URLSearchParams({ lundi: monday, faits: String(outcomes.filter(({ ok }) => ok).length), ...(waiting === 0 ? {} : { attente: String(waiting) }), ...(refused.length === 0 ? {} : { refus: refused.join(',') }) }).toString()
}
