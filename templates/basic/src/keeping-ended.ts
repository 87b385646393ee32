import { defineEvent, Type } from '@liberacces/sdk'

/** A reminder of the plugin to itself: the time to claim an item is over. It stays out of the contract, for nobody else needs it. */
export const KeepingEnded = defineEvent('org.example.lost-property.keeping-ended/v1', Type.Object({ id: Type.String() }), { subject: 'id' })
