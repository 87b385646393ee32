import type { Association } from '../association.ts'
import type { Service } from '../service.ts'
import type { DemoPerson } from './cast.ts'

/** A directory made up for a demonstration. Services know each other by name. */
export interface DemoDirectory {
  readonly services: readonly (Omit<Service, 'parentId'> & { readonly parent: string | undefined })[]
  readonly people: readonly DemoPerson[]
  readonly associations: readonly Association[]
}

/** What a demonstration is made up from. */
export interface DemoTenant {
  readonly slug: string
  readonly name: string
  readonly insee: string | undefined
  /** Persons. */
  readonly population: number
}

/** `de La Rochelle`, `d’Aytré`, `du Thou`, `des Portes`. */
export function ofPlace(name: string): string {
  if (/^les /i.test(name)) return `des ${name.slice(4)}`
  if (/^le /i.test(name)) return `du ${name.slice(3)}`
  return /^[aeiouyhàâéèêëîïôœùû]/i.test(name) ? `d’${name}` : `de ${name}`
}
