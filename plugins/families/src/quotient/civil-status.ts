/** The civil status by which CAF and MSA know a person: API Particulier's mode "identité". Pure. */

/** COG code of France. */
export const FRANCE = '99100'

/** What is known of a person; parts of the date of birth may be unknown, as for who was born abroad. */
export interface CivilStatus {
  readonly birthName: string
  readonly usedName?: string | undefined
  /** Each first name as the civil registry has it: `JEAN-PHILIPPE` is one, `JEAN PHILIPPE` two. */
  readonly firstNames: readonly string[]
  readonly sex?: 'F' | 'M' | undefined
  readonly birthYear?: number | undefined
  readonly birthMonth?: number | undefined
  readonly birthDayOfMonth?: number | undefined
  /** COG code of the country, five digits beginning with 99. */
  readonly birthCountry: string
  /** COG code of the commune (INSEE), for who was born in France. */
  readonly birthCommune?: string | undefined
}

/** The parameters of a request. What is not known is left out, not sent empty. */
export function civilStatusQuery(civil: CivilStatus): URLSearchParams {
  const query = new URLSearchParams()
  const add = (name: string, value: string | number | undefined): void => { if (value !== undefined && value !== '') query.append(name, String(value)) }
  add('nomNaissance', civil.birthName)
  add('nomUsage', civil.usedName)
  for (const firstName of civil.firstNames) add('prenoms[]', firstName)
  add('sexeEtatCivil', civil.sex)
  add('anneeDateNaissance', civil.birthYear)
  add('moisDateNaissance', civil.birthMonth)
  add('jourDateNaissance', civil.birthDayOfMonth)
  add('codeCogInseePaysNaissance', civil.birthCountry)
  if (civil.birthCountry === FRANCE) add('codeCogInseeCommuneNaissance', civil.birthCommune)
  return query
}

/** First names from a text as people type them: spaces and commas part them, hyphens do not. */
export function splitFirstNames(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((name) => name !== '')
}
