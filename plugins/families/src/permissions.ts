/** Who may do what; the roles are those that hold it from the start, and the same as those of the plugin canteen. Health data is no administrator's. */
export const roles = {
  'agent.enfance': { fr: 'Agent du service enfance', en: 'Childhood officer' },
  'agent.animation': { fr: 'Animateur', en: 'Group leader' },
  'agent.cuisine': { fr: 'Agent de cuisine', en: 'Kitchen staff' },
  'agent.regie': { fr: 'Régisseur', en: 'Cashier (régisseur)' },
} as const

export const permissions = {
  'family.own': { title: { fr: 'Gérer sa famille', en: 'Manage one’s own family' }, roles: ['citizen'] },
  'household.read': { title: { fr: 'Consulter les foyers', en: 'Read households' }, roles: ['agent.enfance', 'agent.regie', 'tenant-admin'] },
  'household.write': { title: { fr: 'Modifier les foyers et les enfants, valider les inscriptions', en: 'Change households and children, decide on registrations' }, roles: ['agent.enfance', 'tenant-admin'] },
  'household.export': { title: { fr: 'Importer et télécharger les listes', en: 'Import and download lists' }, roles: ['agent.enfance', 'tenant-admin'] },
  'child.read': { title: { fr: 'Consulter les enfants', en: 'Read children' }, roles: ['agent.enfance', 'agent.animation', 'agent.regie', 'tenant-admin'] },
  'school.manage': { title: { fr: 'Gérer les écoles et les classes', en: 'Manage schools and classes' }, roles: ['agent.enfance', 'tenant-admin'] },
  'quotient.read': { title: { fr: 'Consulter les quotients familiaux', en: 'Read quotients familiaux' }, roles: ['agent.enfance', 'agent.regie', 'tenant-admin'] },
  'health.read': { title: { fr: 'Consulter les fiches sanitaires', en: 'Read health records' }, roles: ['agent.enfance'] },
  'health.write': { title: { fr: 'Modifier les fiches sanitaires', en: 'Change health records' }, roles: ['agent.enfance'] },
  'health.flags': { title: { fr: 'Voir les alertes de santé des listes', en: 'See the health alerts of lists' }, roles: ['agent.enfance', 'agent.animation', 'agent.cuisine'] },
} as const
/** A permission of this plugin. */
export type Permission = keyof typeof permissions
