/** A small provider of the service Families whose answers a test sets, beside the real plugin: who belongs to which account, which quotient holds, who has a PAI. */
import { definePlugin, type Plugin, type Static } from '@liberacces/sdk'
import { Families, type ChildCard, type HealthFlag, type HouseholdCard, type Quotient, type SchoolCard } from '@liberacces/plugin-families/contract'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type PayersOfDay = Static<(typeof Families)['operations']['payers']['output']>[number]['payers']

/** What a test may change at any time; the service answers from it. */
export interface StandInTown {
  readonly schools: SchoolCard[]
  readonly households: Mutable<HouseholdCard>[]
  /** By household; absent where none is known. */
  readonly quotients: Map<string, Quotient>
  /** By child; the first guardian pays where nothing is said. */
  readonly payers: Map<string, (day: string) => PayersOfDay>
  readonly health: HealthFlag[]
  readonly pickUp: Map<string, { name: string; phone?: string; relation: string }[]>
  /** Makes an account the first guardian of a household. */
  link(householdId: string, accountId: string): void
  /** Adds a household with children of a school, and gives its id: `foyer-9`; children are `foyer-9-1`, `foyer-9-2`… */
  addHousehold(options?: { readonly id?: string; readonly name?: string; readonly children?: readonly string[]; readonly schoolId?: string; readonly resident?: boolean; readonly email?: string }): string
}

/** Two schools, `jaures` and `ferry`, and two households: `moreau` with Lina (`moreau-1`, jaures, CP) and Noé (`moreau-2`, ferry, PS), `petit` with Jade (`petit-1`, jaures, CP). */
export function standInTown(): StandInTown {
  const schools: SchoolCard[] = [
    { id: 'ferry', name: 'École maternelle Jules-Ferry', classes: [{ id: 'ferry-ps', name: 'PS', level: 'PS' }] },
    { id: 'jaures', name: 'École élémentaire Jean-Jaurès', classes: [{ id: 'jaures-cp', name: 'CP A', level: 'CP' }, { id: 'jaures-ce1', name: 'CE1', level: 'CE1' }] },
  ]
  const town: StandInTown = {
    schools, households: [], quotients: new Map(), payers: new Map(), health: [], pickUp: new Map(),
    link(householdId, accountId) {
      const household = town.households.find(({ id }) => id === householdId)
      if (household === undefined) throw new RangeError(`There is no household "${householdId}".`)
      household.guardians = household.guardians.map((guardian, place) => (place === 0 ? { ...guardian, accountId } : guardian))
    },
    addHousehold({ id = `foyer-${town.households.length + 1}`, name = id, children = ['Enfant'], schoolId = 'jaures', resident = true, email = `${id}@example.fr` } = {}) {
      town.households.push({
        id, name, resident,
        guardians: [{ id: `${id}-parent`, firstName: 'Claire', lastName: name, email }],
        children: children.map((firstName, index) => childOf(schools, `${id}-${index + 1}`, id, firstName, name, schoolId)),
      })
      return id
    },
  }
  town.addHousehold({ id: 'moreau', name: 'Moreau', children: ['Lina'] })
  const moreau = town.households[0]
  if (moreau !== undefined) moreau.children = [...moreau.children, childOf(schools, 'moreau-2', 'moreau', 'Noé', 'Moreau', 'ferry')]
  town.addHousehold({ id: 'petit', name: 'Petit', children: ['Jade'] })
  return town
}

function childOf(schools: readonly SchoolCard[], id: string, householdId: string, firstName: string, lastName: string, schoolId: string): ChildCard {
  const first = schools.find((school) => school.id === schoolId)?.classes[0]
  return { id, householdId, firstName, lastName, birthDay: '2019-05-12', schoolId, ...(first === undefined ? {} : { classId: first.id, className: first.name }) }
}

const roles = { 'agent.enfance': { fr: 'Agent du service enfance' }, 'agent.animation': { fr: 'Animateur' }, 'agent.cuisine': { fr: 'Agent de cuisine' }, 'agent.regie': { fr: 'Régisseur' } } as const
const permissions = {
  'household.read': { title: { fr: 'Consulter les foyers' }, roles: ['agent.enfance', 'agent.regie', 'tenant-admin'] },
  'child.read': { title: { fr: 'Consulter les enfants' }, roles: ['agent.enfance', 'agent.animation', 'agent.regie', 'tenant-admin'] },
  'quotient.read': { title: { fr: 'Consulter les quotients' }, roles: ['agent.enfance', 'agent.regie', 'tenant-admin'] },
  'health.flags': { title: { fr: 'Voir les alertes de santé' }, roles: ['agent.enfance', 'agent.animation', 'agent.cuisine'] },
} as const

/** The plugin that answers from a town, the same rights as in the real one: a citizen gets the own household, agents what they may read, the platform everything. */
export function familiesStandIn(town: StandInTown): Plugin {
  return definePlugin()({
    id: 'fr.example.families', version: '1.0.0', path: 'familles-essai', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Familles' },
    publisher: { name: 'Example', contact: 'https://example.fr' }, runtime: 'inline', scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} },
    roles, permissions,
    setup(k) {
      k.provide(Families, (c) => {
        const isOwn = ({ guardians }: HouseholdCard): boolean => c.actor.kind === 'account' && guardians.some(({ accountId }) => accountId === c.actor.id)
        const may = (permission: keyof typeof permissions): boolean => c.actor.kind === 'system' || c.actor.can(permission)
        const byId = (id: string): HouseholdCard | undefined => town.households.find((household) => household.id === id)
        const childById = (id: string): ChildCard | undefined => town.households.flatMap(({ children }) => children).find((child) => child.id === id)
        const seen = (household: HouseholdCard | undefined, permission: keyof typeof permissions): household is HouseholdCard => household !== undefined && (may(permission) || isOwn(household))
        return {
          ownHouseholds: () => town.households.filter(isOwn),
          household: ({ id }) => { const found = byId(id); return seen(found, 'household.read') ? found : null },
          households: ({ ids, after, limit }) => town.households.toSorted((a, b) => (a.id < b.id ? -1 : 1)).filter(({ id }) => (ids === undefined || ids.includes(id)) && (after === undefined || id > after)).slice(0, limit ?? 200),
          child: ({ id }) => { const found = childById(id); return found !== undefined && seen(byId(found.householdId), 'child.read') ? found : null },
          children: ({ ids, schoolId, classId, limit }) => town.households.flatMap(({ children }) => children)
            .filter((child) => (ids === undefined || ids.includes(child.id)) && (schoolId === undefined || child.schoolId === schoolId) && (classId === undefined || child.classId === classId))
            .toSorted((a, b) => `${a.lastName} ${a.firstName}`.localeCompare(`${b.lastName} ${b.firstName}`, 'fr')).slice(0, limit ?? 1_000),
          schools: () => town.schools,
          quotient: ({ householdId }) => (seen(byId(householdId), 'quotient.read') ? town.quotients.get(householdId) ?? null : null),
          payers: ({ childId, days }) => {
            const household = byId(childById(childId)?.householdId ?? '')
            const [first] = household?.guardians ?? []
            if (!seen(household, 'household.read') || first === undefined) return []
            return days.map((day) => ({ day, payers: town.payers.get(childId)?.(day) ?? [{ guardianId: first.id, share: 10_000 }] }))
          },
          quotients: ({ householdIds, days }) => householdIds.flatMap((householdId) => days.flatMap((on) => { const found = town.quotients.get(householdId); return found === undefined ? [] : [{ householdId, on, ...found }] })),
          payerPeriods: ({ childIds, from, to }) => childIds.flatMap((childId) => {
            const [first] = byId(childById(childId)?.householdId ?? '')?.guardians ?? []
            if (first === undefined) return []
            const said = town.payers.get(childId)
            if (said === undefined) return [{ childId, from, to, payers: [{ guardianId: first.id, share: 10_000 }] }]
            const periods: { childId: string; from: string; to: string; payers: PayersOfDay }[] = []
            for (let day = from; day <= to; day = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)) periods.push({ childId, from: day, to: day, payers: said(day) })
            return periods
          }),
          healthFlags: ({ childIds }) => town.health.filter(({ childId }) => childIds.includes(childId)),
          pickUpPersons: ({ childId }) => town.pickUp.get(childId) ?? [],
        }
      })
    },
  })
}
