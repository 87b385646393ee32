/** A day in words: `jeudi 14 mai 2026`. @param day - `YYYY-MM-DD` */
export function dayName(locale: 'fr' | 'en', day: string): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}
