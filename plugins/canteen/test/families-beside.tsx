/** A plugin that provides the service Families with a school, two classes and as many children as wanted: what tests of attendance need, and nothing of families. */
import { ChildChanged, Families, type ChildCard } from '@liberacces/plugin-families/contract'
import { definePlugin, Type, type Plugin } from '@liberacces/sdk'

const FIRST = ['Lina', 'Noé', 'Jade', 'Léo', 'Inès', 'Malo', 'Zoé', 'Adam', 'Ève', 'Raphaël']
const LAST = ['Moreau', 'Petit', 'Durand', 'Le Goff', 'Bernard', 'Robert', 'Garcia', 'Nguyen', 'Roux', 'Fournier', 'Girard', 'Ben Saïd']

/** `child-1` and so on: in the first class, but for every second one. `child-3` has a PAI for peanuts, `child-5` one without an allergen. */
function childCards(count: number): readonly ChildCard[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `child-${index + 1}`, householdId: `household-${Math.floor(index / 2) + 1}`, firstName: FIRST[index % FIRST.length] ?? '', lastName: LAST[index % LAST.length] ?? '', birthDay: '2018-03-01',
    schoolId: index % 10 === 9 ? 'school-2' : 'school-1', classId: index % 2 === 0 ? 'class-1' : 'class-2', className: index % 2 === 0 ? 'CP' : 'CE1',
  })).toSorted((a, b) => (`${a.lastName} ${a.firstName} ${a.id}` < `${b.lastName} ${b.firstName} ${b.id}` ? -1 : 1))
}

/** See the file. */
export function familiesBeside(count: number): Plugin {
  const cards = childCards(count)
  return definePlugin()({
    id: 'fr.liberacces.families', version: '9.0.0', path: 'familles', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Familles' }, publisher: { name: 'Test', contact: 'x' }, runtime: 'inline',
    scopes: ['db'], emits: [ChildChanged], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    permissions: {
      'household.read': { title: { fr: 'Foyers' }, roles: ['agent.enfance'] }, 'child.read': { title: { fr: 'Enfants' }, roles: ['agent.enfance', 'agent.animation'] },
      'quotient.read': { title: { fr: 'Quotients' }, roles: ['agent.enfance'] }, 'health.flags': { title: { fr: 'Santé' }, roles: ['agent.enfance', 'agent.cuisine'] },
    },
    setup(k) {
      k.route({ method: 'POST', path: '/supprimer/:id', audience: 'agent', permission: 'child.read', summary: 'A child is no more', params: Type.Object({ id: Type.String() }), response: { 200: Type.Object({}) } }, async (c, { params: { id } }) => {
        await c.transaction(async (tx) => { await tx.emit(ChildChanged, { childId: id, householdId: 'household-1', change: 'deleted' }) })
        return c.reply(200, {})
      })
      k.provide(Families, () => ({
        ownHouseholds: async () => [], household: async () => null, households: async () => [], quotient: async () => null, payers: async () => [], quotients: async () => [], payerPeriods: async () => [], pickUpPersons: async () => [],
        child: async ({ id }) => cards.find((card) => card.id === id) ?? null,
        children: async ({ ids, schoolId, classId, limit }) => cards.filter((card) => (ids === undefined || ids.includes(card.id)) && (schoolId === undefined || card.schoolId === schoolId) && (classId === undefined || card.classId === classId)).slice(0, limit ?? 1_000).map((card) => ({ ...card })),
        schools: async () => [
          { id: 'school-1', name: 'École Jules-Ferry', uai: '0170001A', classes: [{ id: 'class-1', name: 'CP', level: 'CP' }, { id: 'class-2', name: 'CE1', level: 'CE1' }] },
          { id: 'school-2', name: 'École de la Plage', classes: [] },
        ],
        healthFlags: async ({ childIds, purpose }) => [
          { childId: 'child-3', pai: true, allergens: ['peanuts'], ...(purpose === 'attendance' ? { note: 'Stylo d’adrénaline au bureau' } : {}) }, { childId: 'child-5', pai: true, allergens: [] }, { childId: 'child-7', pai: false, allergens: ['milk'] },
        ].filter(({ childId }) => childIds.includes(childId)),
      }))
    },
  }) as Plugin
}
