/** What other plugins may import. Nothing here runs. */
import { Choice, defineEvent, Type } from '@liberacces/sdk'
import { CATEGORIES } from './lost-item.ts'

/** An item has been given back to its owner. */
export const ItemReturned = defineEvent(
  'org.example.lost-property.item-returned/v1',
  Type.Object({ id: Type.String(), category: Choice(CATEGORIES), returnedAt: Type.String({ format: 'date-time' }) }),
  { subject: 'id' },
)
