/** How lists name a household: the last names of those who answer for its children, each once, as in `Moreau – Petit`. */
export function householdName(guardians: readonly { readonly lastName: string }[]): string {
  return [...new Set(guardians.map(({ lastName }) => lastName))].join(' – ')
}
