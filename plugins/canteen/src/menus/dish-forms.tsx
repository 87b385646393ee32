import { Choice, Type, type Static } from '@liberacces/sdk'
import { ActionButton, Page } from '@liberacces/sdk/ui'
import type { CanteenRegistrar } from '../canteen-types.ts'
import { ALLERGENS } from './allergens.ts'
import { COURSES, DIETS, dishFrom, MEALS, SIQO } from './dish.ts'

const access = { audience: 'agent', permission: 'menu.write' } as const
// Nothing that a spreadsheet would run: the menus are open data.
const DishForm = Type.Object({
  dishName: Type.String({ minLength: 1, maxLength: 160, pattern: '^[^=+\\-@\\s]' }), meal: Choice(MEALS, { default: 'lunch' }), course: Choice(COURSES),
  allergens: Type.Array(Choice(ALLERGENS), { default: [] }), diets: Type.Array(Choice(DIETS), { default: [] }), siqo: Type.Array(Choice(SIQO), { default: [] }),
  labels: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^=+\\-@\\s]' })),
})

/** Adds, changes and deletes dishes. */
export function registerDishForms(k: CanteenRegistrar): void {
  k.form({ ...access, path: '/menus/plat', title: 'menus.dish.add', schema: DishForm, query: Type.Object({ jour: Type.String({ format: 'date' }) }) }, async (c, data, { query: { jour } }) => {
    await c.db.insertInto('dish').values({ id: c.id(), day: jour, ...columns(data), changed_at: c.now().toISOString() }).execute()
    return c.redirect(c.url('/menus/semaine', { jour }), 'menus.dish.saved')
  })
  const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
  k.form({ ...access, path: '/menus/plat/:id', title: 'menus.dish.change', schema: DishForm, params }, async (c, data, { params: { id } }) => {
    const row = await c.db.selectFrom('dish').select('day').where('id', '=', id).executeTakeFirst()
    if (row === undefined) return c.notFound()
    await c.db.updateTable('dish').set({ ...columns(data), changed_at: c.now().toISOString() }).where('id', '=', id).execute()
    return c.redirect(c.url('/menus/semaine', { jour: row.day }), 'menus.dish.saved')
  }, async (c, { params: { id } }) => {
    const row = await c.db.selectFrom('dish').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return undefined
    const { name, meal, course, allergens, diets, siqo, labels } = dishFrom(row)
    const shown: Partial<Static<typeof DishForm>> = { dishName: name, meal, course, allergens: [...allergens], diets: [...diets], siqo: [...siqo], ...(labels === '' ? {} : { labels }) }
    return shown
  })
  k.page({ ...access, path: '/menus/plat/:id/supprimer', title: 'menus.dish.delete', params }, async (c, { params: { id } }) => {
    const row = await c.db.selectFrom('dish').select(['name', 'day']).where('id', '=', id).executeTakeFirst()
    return row === undefined ? c.notFound() : <Page title={c.t('menus.dish.delete')} breadcrumb={[{ label: c.t('menus.week'), href: c.url('/menus/semaine', { jour: row.day }) }]}><p>{row.name}</p><ActionButton action={c.url(`/menus/plat/${id}/effacer`)} label={c.t('menus.dish.delete')} kind="danger" /></Page>
  })
  k.action({ ...access, path: '/menus/plat/:id/effacer', params }, async (c, { params: { id } }) => {
    const row = await c.db.selectFrom('dish').select('day').where('id', '=', id).executeTakeFirst()
    if (row === undefined) return c.notFound()
    await c.db.deleteFrom('dish').where('id', '=', id).execute()
    return c.redirect(c.url('/menus/semaine', { jour: row.day }), 'menus.dish.deleted')
  })
}

function columns({ dishName, meal, course, allergens, diets, siqo, labels }: Static<typeof DishForm>) {
  return { name: dishName.trim(), meal, course, allergens: JSON.stringify(allergens), diets: JSON.stringify(diets), siqo: JSON.stringify(siqo), labels: labels ?? '' }
}
