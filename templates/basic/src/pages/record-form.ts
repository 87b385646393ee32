import { Choice, LongText, Type } from '@liberacces/sdk'
import { recordItem } from '../items.ts'
import { CATEGORIES, dayOf } from '../lost-item.ts'
import type { LostPropertyRegistrar } from '../lost-property-types.ts'

/** The fields of the form. Their labels are the messages `field.<name>`, their hints `field.<name>.hint`. */
const Fields = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 100 }),
  category: Choice(CATEGORIES),
  foundOn: Type.String({ format: 'date' }),
  foundPlace: Type.String({ minLength: 1, maxLength: 200 }),
  details: Type.Optional(LongText({ maxLength: 2_000 })),
  finderName: Type.Optional(Type.String({ maxLength: 150 })),
  finderEmail: Type.Optional(Type.String({ format: 'email' })),
})

/** The form that records an item. The schema has been checked before the handler runs; it adds what a schema cannot say. */
export function registerRecordForm(k: LostPropertyRegistrar): void {
  k.form({
    path: '/gestion/nouveau', audience: 'agent', permission: 'item.write', schema: Fields, title: 'page.record', intro: 'page.record.intro',
  }, async (c, data) => {
    if (data.foundOn > dayOf(c.now())) return c.invalid({ foundOn: c.t('error.future') })
    await recordItem(c, data)
    return c.redirect('/gestion', 'notice.recorded')
  }, async (c) => ({ foundOn: dayOf(c.now()) }))
}
