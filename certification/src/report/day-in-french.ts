/** A day as people write it, in UTC like the documents themselves. @param moment - ISO 8601 */
export function dayInFrench(moment: string): string {
  return new Date(moment).toLocaleDateString('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).replace(/^1 /, '1er ')
}
