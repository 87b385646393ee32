/** What people read, by area: a key starts with the name of its area. */
import enAttendance from '../messages/en/attendance.json' with { type: 'json' }
import enBilling from '../messages/en/billing.json' with { type: 'json' }
import enBooking from '../messages/en/booking.json' with { type: 'json' }
import enCaf from '../messages/en/caf.json' with { type: 'json' }
import enImports from '../messages/en/imports.json' with { type: 'json' }
import enMenus from '../messages/en/menus.json' with { type: 'json' }
import enTariffs from '../messages/en/tariffs.json' with { type: 'json' }
import frAttendance from '../messages/fr/attendance.json' with { type: 'json' }
import frBilling from '../messages/fr/billing.json' with { type: 'json' }
import frBooking from '../messages/fr/booking.json' with { type: 'json' }
import frCaf from '../messages/fr/caf.json' with { type: 'json' }
import frImports from '../messages/fr/imports.json' with { type: 'json' }
import frMenus from '../messages/fr/menus.json' with { type: 'json' }
import frTariffs from '../messages/fr/tariffs.json' with { type: 'json' }

export const fr = { ...frBooking, ...frAttendance, ...frCaf, ...frImports, ...frMenus, ...frTariffs, ...frBilling }
export const en = { ...enBooking, ...enAttendance, ...enCaf, ...enImports, ...enMenus, ...enTariffs, ...enBilling }
