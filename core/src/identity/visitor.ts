import type { Principal } from './principal.ts'

/** How somebody of whom nothing is known is told of. */
export const VISITOR = Object.freeze({ kind: 'anonymous', id: 'anonymous', name: 'Visiteur' })

/** Somebody of whom nothing is known: no roles, no rights. There is one, the same for all tenants. */
export const ANONYMOUS: Principal = Object.freeze({ ...VISITOR, email: undefined, roles: Object.freeze([]), via: 'none', csrfToken: '', permissions: new Set<string>() })
