import { derivedHex, derivedSeed } from './chance.ts'

/** Somebody who exists nowhere else: each of the texts can be found again wherever it comes to lie. */
export interface Persona {
  /** Who they are in reports, such as `citizen of alpha`. */
  readonly label: string
  readonly tenant: 'alpha' | 'beta'
  readonly roles: readonly string[]
  readonly name: string
  readonly email: string
  /** Numéro d'inscription au répertoire, 15 digits with a right key; of nobody: the month is 99. */
  readonly nir: string
  /** Id of the account. */
  readonly id: string
  /** What stands behind `Bearer `. */
  readonly token: string
}

/** What is known of a persona before there is an account. */
export type PersonaTexts = Pick<Persona, 'label' | 'tenant' | 'roles' | 'name' | 'email' | 'nir'>

/** Texts of a persona that follow from the seed. */
export function personaTexts(seed: number, tenant: Persona['tenant'], who: string, roles: readonly string[]): PersonaTexts {
  const mark = derivedHex(seed, 8, tenant, who)
  return { label: `${who} of ${tenant}`, tenant, roles, name: `Zélie ${letters(mark)}`, email: `zelie.${mark}@canary.example`, nir: nirOf(derivedSeed(seed, tenant, who, 'nir')) }
}

/** Digits as letters, so that a name may be held to be one. */
function letters(hex: string): string {
  return `Q${hex.replaceAll(/./g, (digit) => 'bcdfghjklmnpqrst'[Number.parseInt(digit, 16)] ?? 'x')}`
}

/** A NIR of month 99, which nobody has, with its key (97 less the rest by 97). */
function nirOf(chance: number): string {
  const number = `2${String(chance % 100).padStart(2, '0')}9917${String(Math.floor(chance / 100) % 1_000).padStart(3, '0')}${String(Math.floor(chance / 100_000) % 1_000).padStart(3, '0')}`
  return `${number}${String(97 - Number(BigInt(number) % 97n)).padStart(2, '0')}`
}
