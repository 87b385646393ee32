/** Somebody of whom nothing is known: no roles, no rights. */
export const VISITOR = Object.freeze({ kind: 'anonymous', id: 'anonymous', name: 'Visiteur' })
