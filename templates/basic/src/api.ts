import { Choice, Type } from '@liberacces/sdk'
import { itemsToClaim } from './items.ts'
import { CATEGORIES, dayOf } from './lost-item.ts'
import type { LostPropertyRegistrar } from './lost-property-types.ts'

const Item = Type.Object({
  id: Type.String(),
  label: Type.String(),
  category: Choice(CATEGORIES),
  foundPlace: Type.String(),
  foundOn: Type.String({ format: 'date' }),
})

/** The API. It appears in the OpenAPI document of each tenant that has the plugin active. */
export function registerItemRoutes(k: LostPropertyRegistrar): void {
  k.route({
    method: 'GET', path: '/api/items', audience: 'public', summary: 'Items that can still be claimed, newest first',
    query: Type.Object({ q: Type.String({ maxLength: 200, default: '' }), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }), offset: Type.Integer({ minimum: 0, default: 0 }) }),
    response: { 200: Type.Array(Item) },
  }, async (c, { query: { q, limit, offset } }) => {
    const items = await itemsToClaim(c.db, q, dayOf(c.now()), { offset, limit })
    return c.reply(200, items.map(({ id, label, category, found_place, found_on }) => ({ id, label, category, foundPlace: found_place, foundOn: found_on })))
  })
}
