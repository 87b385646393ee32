import type { QuotaKind } from './quota-kind.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const SIZE = /^(\d+(?:[.,]\d+)?)\s*(?:([BO])|([KMGTP])(i?)[BO]?)?$/i
const DURATION = /^(\d+(?:[.,]\d+)?)\s*(s|min|h)?$/i
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 }

/** An amount as operators write it: `5 GiB`, `200 a day`, `90 s a day`. English; pages have their own words. */
export function quotaText(kind: QuotaKind, amount: number): string {
  switch (kind) {
    case 'storage': return sizeText(amount)
    case 'events':
    case 'mails': return `${amount} a day`
    case 'cpu': return `${Math.round(amount * 10) / 10} s a day`
    default: return kind satisfies never
  }
}

/** Bytes in the largest unit in which they are at least one. */
function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1_024 ** step
  return `${Number(value.toFixed(value < 10 && step > 0 ? 1 : 0))} ${UNITS[step]}`
}

/**
 * Reads an amount: `5GiB` or `5GB` (of 1,000) for storage, with an `o` for the B as well (`5 Gio`), `90s`, `15min` or `2h` for CPU time, a whole number for the rest.
 * @returns the amount in the unit of the kind; `undefined` when it is none
 */
export function parseQuota(kind: QuotaKind, text: string): number | undefined {
  const trimmed = text.trim()
  switch (kind) {
    case 'storage': {
      const [all, number, , letter, binary] = SIZE.exec(trimmed) ?? []
      if (all === undefined) return undefined
      const power = letter === undefined ? 0 : 'KMGTP'.indexOf(letter.toUpperCase()) + 1
      return whole(decimal(number) * (binary === '' ? 1_000 : 1_024) ** power)
    }
    case 'cpu': {
      const [all, number, unit = 's'] = DURATION.exec(trimmed) ?? []
      return all === undefined ? undefined : whole(decimal(number) * (SECONDS[unit.toLowerCase()] ?? 1))
    }
    case 'events':
    case 'mails': return /^\d[\d\s]*$/.test(trimmed) ? whole(Number(trimmed.replaceAll(/\s/g, ''))) : undefined
    default: return kind satisfies never
  }
}

/**
 * An amount as it is typed in, exact: {@link parseQuota} reads the same from it.
 * @param letter - for bytes: `B`, or `o` as in French
 */
export function quotaInput(kind: QuotaKind, amount: number, letter: 'B' | 'o' = 'B'): string {
  if (kind === 'events' || kind === 'mails') return String(amount)
  const units: readonly (readonly [name: string, size: number])[] = kind === 'cpu'
    ? [['h', 3_600], ['min', 60], ['s', 1]]
    : [...[5, 4, 3, 2, 1].flatMap((power) => [[`${'KMGTP'[power - 1] ?? ''}i${letter}`, 1_024 ** power], [`${'KMGTP'[power - 1] ?? ''}${letter}`, 1_000 ** power]] as const), [letter, 1]]
  const [name, size] = units.filter(([, each]) => amount > 0 && amount % each === 0).toSorted((a, b) => b[1] - a[1])[0] ?? [kind === 'cpu' ? 's' : letter, 1]
  return `${amount / size} ${name}`
}

function decimal(text: string | undefined): number {
  return Number(text?.replace(',', '.'))
}

function whole(amount: number): number | undefined {
  const rounded = Math.round(amount)
  return Number.isSafeInteger(rounded) ? rounded : undefined
}
