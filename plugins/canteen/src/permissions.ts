/** Who may do what; the roles are those that hold it from the start. */
export const roles = {
  'agent.enfance': { fr: 'Agent du service enfance', en: 'Childhood officer' },
  'agent.animation': { fr: 'Animateur', en: 'Group leader' },
  'agent.cuisine': { fr: 'Agent de cuisine', en: 'Kitchen staff' },
  'agent.regie': { fr: 'Régisseur', en: 'Cashier (régisseur)' },
} as const

export const permissions = {
  'booking.own': { title: { fr: 'Réserver pour ses enfants', en: 'Book for one’s children' }, roles: ['citizen'] },
  'booking.read': { title: { fr: 'Consulter les réservations', en: 'Read bookings' }, roles: ['agent.enfance', 'agent.animation', 'agent.regie', 'tenant-admin'] },
  'booking.manage': { title: { fr: 'Gérer les réservations et les inscriptions', en: 'Manage bookings and enrolments' }, roles: ['agent.enfance', 'tenant-admin'] },
  'activity.manage': { title: { fr: 'Gérer les activités, les calendriers et les fermetures', en: 'Manage activities, calendars and closures' }, roles: ['agent.enfance', 'tenant-admin'] },
  'attendance.record': { title: { fr: 'Pointer les présences', en: 'Record attendance' }, roles: ['agent.animation', 'agent.enfance', 'tenant-admin'] },
  'meal-order.read': { title: { fr: 'Consulter les commandes de repas', en: 'Read meal orders' }, roles: ['agent.cuisine', 'agent.enfance', 'tenant-admin'] },
  'menu.write': { title: { fr: 'Composer les menus', en: 'Compose menus' }, roles: ['agent.cuisine', 'agent.enfance', 'tenant-admin'] },
  'tariff.manage': { title: { fr: 'Gérer les tarifs', en: 'Manage tariffs' }, roles: ['agent.regie', 'tenant-admin'] },
  'billing.read': { title: { fr: 'Consulter la facturation', en: 'Read billing' }, roles: ['agent.regie', 'tenant-admin'] },
  'billing.manage': { title: { fr: 'Facturer et encaisser', en: 'Bill and collect' }, roles: ['agent.regie', 'tenant-admin'] },
} as const
/** A permission of this plugin. */
export type Permission = keyof typeof permissions
