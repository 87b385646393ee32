import type { Persona } from './persona.ts'

/** A commune of a throw-away platform. */
export interface GroundTenant {
  readonly slug: 'alpha' | 'beta'
  readonly id: string
  readonly host: string
  readonly personas: readonly Persona[]
  /** Who may do what needs a permission; of none, who has no account. @throws Error when nobody may */
  whoMay(permission: string | undefined): Persona | undefined
  /** Whether a person may do what needs a permission; of what needs none, anybody may. */
  may(persona: Persona | undefined, permission: string | undefined): boolean
  persona(who: string): Persona
}
