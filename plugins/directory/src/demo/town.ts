import { addDays, type Day, foldText } from '@liberacces/sdk'
import type { Association } from '../association.ts'
import { councilSeats, mostDeputies } from '../council-seats.ts'
import type { Mandate, Office } from '../mandate.ts'
import { Cast, digits, landline, mobile, otherGender, type DemoPerson, type Gender, type Gendered } from './cast.ts'
import { integer, pick, shuffled, type Chance } from './chance.ts'
import { ofPlace, type DemoDirectory, type DemoTenant } from './demo-directory.ts'
import { termOn } from './terms.ts'
import { TOWN_ASSOCIATIONS } from './town-associations.ts'
import { TOWN_SERVICES } from './town-services.ts'

/** Councils first meet within the days from Friday to Sunday. */
const MEETING_DAYS = 2

const DELEGATIONS = [
  'aux finances', 'à l’urbanisme et à l’habitat', 'à l’éducation et à l’enfance', 'à la transition écologique', 'aux solidarités et au logement', 'à la culture et au patrimoine',
  'à la voirie et aux bâtiments', 'aux sports et à la vie associative', 'à la tranquillité publique', 'au commerce et à l’artisanat', 'à la jeunesse', 'aux mobilités',
  'à la santé et aux aînés', 'à la participation citoyenne', 'au numérique et à la relation à l’usager', 'au tourisme', 'à l’égalité et à l’accessibilité', 'au personnel communal',
] as const

/** The directory of a town hall, scaled to the commune's size. */
export function townDirectory(tenant: DemoTenant, chance: Chance, today: Day): DemoDirectory {
  const cast = new Cast(chance, tenant.slug)
  const services = townServices(tenant, chance)
  return { services, people: [...council(tenant, chance, cast, today), ...agents(tenant, chance, cast)], associations: associations(tenant, chance, cast) }
}

function council({ population }: DemoTenant, chance: Chance, cast: Cast, today: Day): readonly DemoPerson[] {
  const term = termOn(today, MEETING_DAYS)
  const seats = councilSeats(population, term.firstDay) ?? 15
  const deputies = Math.min(mostDeputies(seats), 3 + Math.floor(population / 4_000))
  const delegates = seats < 23 ? 0 : Math.min(DELEGATIONS.length - deputies, Math.floor(seats / 10))
  const startsOn = addDays(term.firstDay, integer(chance, 0, MEETING_DAYS))
  const delegations = shuffled(chance, DELEGATIONS)
  let gender: Gender = pick(chance, ['f', 'm'])
  return Array.from({ length: seats }, (_, seat): DemoPerson => {
    const { office, titles } = seatAt(seat, deputies, delegates, delegations[seat - 1] ?? '')
    const resigns = seats >= 19 && seat === seats - 1
    const mandate: Mandate = {
      office,
      title: titles[gender],
      rank: office === 'mayor' ? undefined : office === 'deputy' ? seat : seat - deputies,
      startsOn,
      lastDay: resigns ? earlier(addDays(today, integer(chance, 20, 60)), term.lastDay) : term.lastDay,
    }
    const before: readonly Mandate[] = chance() < 0.4 && term.before !== undefined
      ? [{ office: 'councillor', title: { f: 'Conseillère municipale', m: 'Conseiller municipal' }[gender], rank: undefined, startsOn: term.before.firstDay, lastDay: addDays(startsOn, -1) }]
      : []
    const person = cast.play({ kind: 'elected', gender, mandates: [mandate, ...before], contactPublic: seat <= deputies })
    gender = otherGender(gender)
    return person
  })
}

function earlier(a: Day, b: Day): Day {
  return a < b ? a : b
}

function seatAt(seat: number, deputies: number, delegates: number, delegation: string): { readonly office: Office; readonly titles: Gendered } {
  if (seat === 0) return { office: 'mayor', titles: { f: 'Maire', m: 'Maire' } }
  if (seat === 1 && deputies > 0) return { office: 'deputy', titles: { f: `Première adjointe au maire, déléguée ${delegation}`, m: `Premier adjoint au maire, délégué ${delegation}` } }
  if (seat <= deputies) return { office: 'deputy', titles: { f: `Adjointe au maire, déléguée ${delegation}`, m: `Adjoint au maire, délégué ${delegation}` } }
  if (seat <= deputies + delegates) return { office: 'delegate', titles: { f: `Conseillère municipale déléguée ${delegation}`, m: `Conseiller municipal délégué ${delegation}` } }
  return { office: 'councillor', titles: { f: 'Conseillère municipale', m: 'Conseiller municipal' } }
}

function townServices({ slug, name, population }: DemoTenant, chance: Chance): DemoDirectory['services'] {
  const present = TOWN_SERVICES.filter(({ from }) => from <= population)
  const hours = population < 1_000
    ? 'Lundi, mardi, jeudi et vendredi : 9 h – 12 h\nMercredi : fermé'
    : 'Du lundi au vendredi : 8 h 30 – 12 h 30 et 13 h 30 – 17 h 30\nSamedi : 9 h – 12 h'
  return present.map((template) => ({
    name: template.name,
    parent: present.find((other) => other.name === template.parent)?.name,
    description: template.description,
    openingHours: (template.front === true || population < 1_000 ? hours : 'Du lundi au vendredi : 9 h – 12 h et 14 h – 17 h').replace(/ ([:h–]|\d\d\b)/g, '\u00a0$1'),
    address: `${population < 3_500 ? 'Mairie' : 'Hôtel de ville'}, 1 place de la Mairie\n${name}`,
    email: `${foldText(template.name).replace(/ /g, '-')}@${slug}.example`,
    phone: landline(chance),
  }))
}

function agents({ population }: DemoTenant, chance: Chance, cast: Cast): readonly DemoPerson[] {
  const present = TOWN_SERVICES.filter(({ from }) => from <= population)
  const count = Math.max(present.length, Math.min(70, Math.round(population / 150)))
  return Array.from({ length: count }, (_, index) => {
    const template = present[index % present.length]
    const gender: Gender = chance() < 0.6 ? 'f' : 'm'
    const isHead = index < present.length
    return cast.play({
      kind: 'agent',
      gender,
      ...(template === undefined ? {} : { service: template.name, role: template[isHead ? 'head' : 'agent'][gender] }),
      contactPublic: isHead,
    })
  })
}

function associations({ name, insee, population }: DemoTenant, chance: Chance, cast: Cast): readonly Association[] {
  const count = Math.max(5, Math.min(TOWN_ASSOCIATIONS.length, 5 + Math.round(population / 1_500)))
  // The first ones are what every commune has.
  const chosen = [...TOWN_ASSOCIATIONS.slice(0, 5), ...shuffled(chance, TOWN_ASSOCIATIONS.slice(5)).slice(0, count - 5)]
  const department = insee === undefined ? '17' : insee.startsWith('97') ? '9R' : insee.slice(0, 2)
  const numbers = new Set<string>()
  // No prefecture counts from 9, so these numbers belong to no association.
  while (numbers.size < chosen.length) numbers.add(`W${department}9${digits(chance, 6)}`)
  const rna = [...numbers]
  return chosen.map((template, index) => {
    const { firstName, lastName } = cast.name(pick(chance, ['f', 'm']))
    const title = template.name.replace('{lieu}', ofPlace(name))
    const host = foldText(template.name.replace('{lieu}', '').replace(/’/g, ' ')).replace(/ /g, '-')
    return {
      name: title,
      rna: rna[index],
      purpose: template.purpose,
      website: chance() < 0.4 ? `https://${host}.example/` : undefined,
      contactName: `${firstName} ${lastName}`,
      contactEmail: `contact@${host}.example`,
      contactPhone: mobile(chance),
      contactPublic: chance() < 0.6,
    }
  })
}
