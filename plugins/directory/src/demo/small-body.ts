import { addDays, type Day, foldText } from '@liberacces/sdk'
import type { Mandate, Office } from '../mandate.ts'
import { Cast, landline, otherGender, type Gender, type Gendered } from './cast.ts'
import { pick, type Chance } from './chance.ts'
import type { DemoDirectory, DemoTenant } from './demo-directory.ts'
import { termOn } from './terms.ts'

/** A body with a president: a satellite such as a CCAS, or an intercommunality. */
interface Body {
  /** Days from the first councils to this body's first meeting. */
  readonly delayDays: number
  readonly seats: readonly { readonly office: Office; readonly titles: Gendered; readonly count: number }[]
  readonly services: readonly { readonly name: string; readonly description: string; readonly head: Gendered; readonly agent: Gendered; readonly agents: number }[]
}

const same = (role: string): Gendered => ({ f: role, m: role })

/** A centre communal d'action sociale: the mayor presides, as many members are elected as appointed (CASF, articles L123-6 and R123-7). */
const SOCIAL_BODY: Body = {
  delayDays: 26,
  seats: [
    { office: 'president', titles: { f: 'Présidente', m: 'Président' }, count: 1 },
    { office: 'vice-president', titles: { f: 'Vice-présidente', m: 'Vice-président' }, count: 1 },
    { office: 'administrator', titles: { f: 'Administratrice élue', m: 'Administrateur élu' }, count: 5 },
    { office: 'administrator', titles: { f: 'Administratrice nommée', m: 'Administrateur nommé' }, count: 6 },
  ],
  services: [
    { name: 'Accueil social', description: 'Information sur les droits, domiciliation, aides d’urgence.', head: same('Responsable de l’accueil social'), agent: { f: 'Travailleuse sociale', m: 'Travailleur social' }, agents: 3 },
    { name: 'Maintien à domicile', description: 'Aide à domicile, portage de repas, téléassistance.', head: same('Responsable du maintien à domicile'), agent: same('Aide à domicile'), agents: 5 },
    { name: 'Logement et hébergement', description: 'Accompagnement vers le logement, hébergement d’urgence.', head: same('Responsable du logement'), agent: { f: 'Conseillère en économie sociale et familiale', m: 'Conseiller en économie sociale et familiale' }, agents: 2 },
    { name: 'Résidences autonomie', description: 'Logements et animation pour les personnes âgées autonomes.', head: { f: 'Directrice des résidences', m: 'Directeur des résidences' }, agent: { f: 'Animatrice', m: 'Animateur' }, agents: 2 },
  ],
}

const INTERCOMMUNALITY: Body = {
  delayDays: 21,
  seats: [
    { office: 'president', titles: { f: 'Présidente', m: 'Président' }, count: 1 },
    ...['à l’eau et à l’assainissement', 'aux déchets', 'aux mobilités', 'au développement économique', 'à l’habitat', 'au climat', 'au numérique', 'aux finances'].map((delegation) => ({
      office: 'vice-president' as const,
      titles: { f: `Vice-présidente déléguée ${delegation}`, m: `Vice-président délégué ${delegation}` },
      count: 1,
    })),
    { office: 'councillor', titles: { f: 'Conseillère communautaire', m: 'Conseiller communautaire' }, count: 25 },
  ],
  services: [
    { name: 'Direction générale', description: 'Coordination des services, assemblées.', head: { f: 'Directrice générale des services', m: 'Directeur général des services' }, agent: { f: 'Assistante de direction', m: 'Assistant de direction' }, agents: 2 },
    { name: 'Eau et assainissement', description: 'Production et distribution d’eau potable, assainissement.', head: same('Responsable de l’eau'), agent: { f: 'Technicienne de réseau', m: 'Technicien de réseau' }, agents: 3 },
    { name: 'Gestion des déchets', description: 'Collecte, déchèteries, prévention.', head: same('Responsable des déchets'), agent: { f: 'Ambassadrice du tri', m: 'Ambassadeur du tri' }, agents: 3 },
    { name: 'Mobilités', description: 'Transports en commun, vélos en libre-service, parcs relais.', head: same('Responsable des mobilités'), agent: { f: 'Chargée d’études', m: 'Chargé d’études' }, agents: 2 },
    { name: 'Informatique mutualisée', description: 'Services numériques pour les communes membres.', head: { f: 'Directrice des systèmes d’information', m: 'Directeur des systèmes d’information' }, agent: { f: 'Administratrice système', m: 'Administrateur système' }, agents: 4 },
  ],
}

/** The directory of a commune's satellite. */
export function satelliteDirectory(tenant: DemoTenant, chance: Chance, today: Day): DemoDirectory {
  return directoryOf(SOCIAL_BODY, tenant, chance, today)
}

/** The directory of the Pool's own collectivité. */
export function intercommunalDirectory(tenant: DemoTenant, chance: Chance, today: Day): DemoDirectory {
  return directoryOf(INTERCOMMUNALITY, tenant, chance, today)
}

function directoryOf(body: Body, { slug, name }: DemoTenant, chance: Chance, today: Day): DemoDirectory {
  const { firstDay, lastDay } = termOn(today, body.delayDays)
  const cast = new Cast(chance, slug)
  let gender: Gender = pick(chance, ['f', 'm'])
  let rank = 0
  const elected = body.seats.flatMap(({ office, titles, count }) =>
    Array.from({ length: count }, () => {
      rank += 1
      gender = otherGender(gender)
      const mandate: Mandate = { office, title: titles[gender], rank, startsOn: addDays(firstDay, body.delayDays), lastDay: addDays(lastDay, body.delayDays) }
      return cast.play({ kind: 'elected', gender, mandates: [mandate], contactPublic: office === 'president' })
    }))
  const agents = body.services.flatMap(({ name: service, head, agent, agents: count }) =>
    Array.from({ length: count + 1 }, (_, index) => {
      const own: Gender = chance() < 0.7 ? 'f' : 'm'
      return cast.play({ kind: 'agent', gender: own, service, role: (index === 0 ? head : agent)[own], contactPublic: index === 0 })
    }))
  return {
    people: [...elected, ...agents],
    associations: [],
    services: body.services.map(({ name: service, description }) => ({
      name: service,
      parent: undefined,
      description,
      openingHours: 'Du lundi au vendredi : 9 h – 12 h 30 et 13 h 30 – 17 h'.replace(/ ([:h–]|\d\d\b)/g, '\u00a0$1'),
      address: name,
      email: `${foldText(service).replace(/ /g, '-')}@${slug}.example`,
      phone: landline(chance),
    })),
  }
}
