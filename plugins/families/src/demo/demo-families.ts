/** Families made up for a demonstration: pure, the same for the same chance. */
import { addDays, ageOn } from '@liberacces/sdk'
import type { HealthRecord } from '../domain/health-record.ts'
import type { Level, SchoolYear } from '../domain/school-year.ts'
import type { QuotientSource } from '../tables.ts'
import { happens, integer, pick, type Chance } from './chance.ts'
import { CHILDREN, FATHERS, LAST_NAMES, MOTHERS, STREETS } from './names.ts'

/** The levels of the demonstration's classes, from the youngest, and how old children turn in the year in which the school year starts. */
const AGES: Readonly<Partial<Record<Level, number>>> = { PS: 3, MS: 4, GS: 5, CP: 6, CE1: 7, CE2: 8, CM1: 9, CM2: 10 }
const LEVELS = Object.keys(AGES) as [Level, ...Level[]]

/** A child made up. */
export interface DemoChild { readonly firstName: string; readonly lastName: string; readonly birthDay: string; readonly level: Level; readonly health: HealthRecord | undefined }

/** A family made up. */
export interface DemoFamily {
  readonly address: string
  readonly resident: boolean
  readonly parents: readonly { readonly firstName: string; readonly lastName: string; readonly email: string; readonly phone: string; readonly ownAddress: string | undefined }[]
  readonly children: readonly DemoChild[]
  readonly custody: 'none' | 'alternating' | 'shared'
  readonly quotient: { readonly value: number; readonly source: QuotientSource } | undefined
  readonly grandparent: { readonly name: string; readonly phone: string } | undefined
}

/** Families with so many children in all, evenly over the levels; a dozen of 220 have a PAI. */
export function demoFamilies(chance: Chance, childCount: number, year: SchoolYear, today: string): readonly DemoFamily[] {
  const families: DemoFamily[] = []
  const counts = new Map(LEVELS.map((level) => [level, 0]))
  let made = 0
  while (made < childCount) {
    const size = Math.min(childCount - made, pick(chance, [1, 1, 1, 1, 2, 2, 2, 1, 2, 3]))
    families.push(demoFamily(chance, made, size, year, today, counts))
    made += size
  }
  return families
}

function demoFamily(chance: Chance, made: number, size: number, year: SchoolYear, today: string, counts: Map<Level, number>): DemoFamily {
  const [name, other] = [pick(chance, LAST_NAMES), pick(chance, LAST_NAMES)]
  const apart = happens(chance, 0.16)
  const alone = !apart && happens(chance, 0.14)
  const second = apart || happens(chance, 0.45) ? other : name
  const address = `${integer(chance, 1, 88)} ${pick(chance, STREETS)}`
  const parents = [
    parent(chance, pick(chance, MOTHERS), name, undefined),
    ...(alone ? [] : [parent(chance, pick(chance, FATHERS), second, apart ? `${integer(chance, 1, 88)} ${pick(chance, STREETS)}` : undefined)]),
  ]
  const used = new Set<string>()
  const levels = emptiest(chance, counts, size)
  const children = levels.map((level, index) => {
    let firstName = pick(chance, CHILDREN)
    while (used.has(firstName)) firstName = pick(chance, CHILDREN)
    used.add(firstName)
    const birthDay = addDays(`${year.year - (AGES[level] ?? 6)}-01-01`, integer(chance, 0, 364))
    return { firstName, lastName: happens(chance, 0.7) ? name : second, birthDay, level, health: health(chance, made + index, year) }
  }).toSorted((a, b) => ageOn(b.birthDay, today) - ageOn(a.birthDay, today))
  return {
    address, resident: happens(chance, 0.9), parents, children,
    custody: apart ? (happens(chance, 0.7) ? 'alternating' : 'shared') : 'none',
    quotient: happens(chance, 0.87) ? { value: integer(chance, 18, 210) * 10 + integer(chance, 0, 9), source: happens(chance, 0.9) ? 'CNAF' : pick(chance, ['MSA', 'declared']) } : undefined,
    grandparent: happens(chance, 0.5) ? { name: `${pick(chance, ['Monique', 'Josiane', 'Bernard', 'Alain', 'Françoise', 'Michel'])} ${name}`, phone: phone(chance) } : undefined,
  }
}

/** The levels with the fewest children so far, each once, so that classes are of one size and siblings of different ages. */
function emptiest(chance: Chance, counts: Map<Level, number>, size: number): readonly Level[] {
  const chosen = [...counts].map(([level, count]) => ({ level, weight: count + chance() })).toSorted((a, b) => a.weight - b.weight).slice(0, size).map(({ level }) => level)
  for (const level of chosen) counts.set(level, (counts.get(level) ?? 0) + 1)
  return chosen
}

function parent(chance: Chance, firstName: string, lastName: string, ownAddress: string | undefined): DemoFamily['parents'][number] {
  const mailbox = `${firstName}.${lastName}${integer(chance, 2, 99)}`.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')
  return { firstName, lastName, email: `${mailbox}@example.org`, phone: phone(chance), ownAddress }
}

/** Numbers that the ARCEP keeps for fiction. */
function phone(chance: Chance): string {
  return `06 39 98 ${String(integer(chance, 0, 99)).padStart(2, '0')} ${String(integer(chance, 0, 99)).padStart(2, '0')}`
}

const RECORDS = [
  { allergens: ['peanuts', 'nuts'], note: 'Stylo d’adrénaline dans le bureau de la direction', treatment: 'Adrénaline auto-injectable, puis appeler le 15', meal: true },
  { allergens: ['milk'], note: 'Panier-repas fourni par la famille', treatment: 'Antihistaminique en cas de réaction', meal: true },
  { allergens: ['eggs'], note: 'Pas de vaccin ni de gâteau sans avis de la famille', treatment: 'Antihistaminique en cas de réaction', meal: true },
  { allergens: ['gluten'], note: 'Maladie cœliaque', treatment: 'Aucun', meal: true },
  { allergens: [], note: 'Asthme : inhalateur dans le sac', treatment: 'Salbutamol, deux bouffées, à renouveler après dix minutes', meal: false },
  { allergens: [], note: 'Diabète : contrôle avant le repas', treatment: 'Insuline selon le protocole, sucre à portée de main', meal: false },
] as const

function health(chance: Chance, index: number, year: SchoolYear): HealthRecord | undefined {
  const sort = RECORDS[Math.floor(index / 18) % RECORDS.length]
  if (index % 18 === 7 && sort !== undefined) {
    return {
      allergens: sort.allergens, note: sort.note, doctor: `Dr ${pick(chance, LAST_NAMES)}`, shownOn: sort.meal ? ['children', 'attendance', 'meal-order'] : ['children', 'attendance'],
      pai: { firstDay: year.firstDay, lastDay: year.lastDay, treatment: sort.treatment },
    }
  }
  if (!happens(chance, 0.12)) return undefined
  return { allergens: happens(chance, 0.4) ? [pick(chance, ['strawberry', 'fish', 'sesame', 'crustaceans'] as const)].filter((each) => each !== 'strawberry') : [], shownOn: ['children'], doctor: `Dr ${pick(chance, LAST_NAMES)}` }
}
