import type { Locale } from './localized.ts'

/**
 * A size as people of a language write it: `1 Mo`, `1 MB`. Units are those of the SI (1 Mo is 1 000 000 bytes), as systems and disks count. It is rounded down:
 * of a limit nothing is promised that would be refused.
 */
export function fileSize(bytes: number, locale: Locale): string {
  const [value, unit] = bytes >= 1_000_000 ? [bytes / 1_000_000, locale === 'fr' ? 'Mo' : 'MB'] : [bytes / 1_000, locale === 'fr' ? 'ko' : 'kB']
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1, roundingMode: 'floor' }).format(value)}\u00a0${unit}`
}
