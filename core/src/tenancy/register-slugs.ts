import type { Commune, CommuneRegister, Epci } from './communes.ts'
import { departementOf } from './insee-code.ts'
import { RESERVED_SLUGS, slugOf } from './slug.ts'

/** Longest slug: a DNS label (RFC 1035). */
const MAX_LENGTH = 63
/** So many times the inhabitants of the next one, and people mean the largest when they say the name alone. */
const CLEARLY_LARGER = 10

/** The slugs that a collectivité of the register may have, best first. */
export type SlugChoices = readonly string[]

interface Named {
  readonly name: string
  readonly population: number | undefined
}

/**
 * Slugs for a whole register, the first of none the first of another. A name that stands for one collectivité alone, or for one that
 * is ten times as large as all homonyms, gives its slug (`la-rochelle`); other homonyms get that of their département too
 * (`saint-denis-974`). So which communes a platform has, and in which order they came, changes no slug.
 */
export function registerSlugs({ communes, epcis }: CommuneRegister): { readonly commune: (commune: Commune) => SlugChoices; readonly epci: (epci: Epci) => SlugChoices } {
  const bearers = new Map<string, Named[]>()
  for (const named of [...communes, ...epcis]) bearers.set(slugOf(named.name), [...(bearers.get(slugOf(named.name)) ?? []), named])
  const suffixed = new Map<string, number>()
  const count = (slug: string): void => { suffixed.set(slug, (suffixed.get(slug) ?? 0) + 1) }
  for (const { name, insee } of communes) count(withSuffix(name, departementOf(insee)))
  for (const { name, members } of epcis) count(withSuffix(name, seatOf(members)))

  const choices = (named: Named, departement: string, code: string): SlugChoices => {
    const plain = slugOf(named.name)
    const withDepartement = withSuffix(named.name, departement)
    const isMeant = !RESERVED_SLUGS.has(plain) && !suffixed.has(plain) && isMeantBy(named, bearers.get(plain) ?? [])
    const isAlone = suffixed.get(withDepartement) === 1 && !bearers.has(withDepartement)
    return [...(isMeant ? [plain] : []), ...(isAlone ? [withDepartement] : []), withSuffix(named.name, code)]
  }
  return {
    commune: (commune) => choices(commune, departementOf(commune.insee), commune.insee),
    epci: (epci) => choices(epci, seatOf(epci.members), epci.siren),
  }
}

function isMeantBy(named: Named, bearers: readonly Named[]): boolean {
  return bearers.every((other) => other === named || (named.population ?? 0) >= CLEARLY_LARGER * Math.max(1, other.population ?? 0))
}

/** Département of the member that the register names first, which is the largest. */
function seatOf([first = '']: readonly string[]): string {
  return departementOf(first)
}

/** Cut where a label ends, so that what tells homonyms apart stays. */
function withSuffix(name: string, suffix: string): string {
  const tail = `-${slugOf(suffix)}`
  return `${slugOf(name).slice(0, MAX_LENGTH - tail.length).replace(/-$/, '')}${tail}`
}
