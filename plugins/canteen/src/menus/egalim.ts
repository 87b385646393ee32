/** Shares by value of what is bought, which the law EGalim counts for each calendar year without VAT (article L. 230-5-1 of the code rural). */

/** What a purchase counts as. `organic` is durable too. */
export const QUALITIES = ['organic', 'siqo', 'durable', 'none'] as const
/** One of them. */
export type Quality = (typeof QUALITIES)[number]

/** Least shares in ten-thousandths, and the year from which on they hold. */
const THRESHOLDS = [{ from: 2022, durable: 5_000, organic: 2_000 }] as const

/** The shares of a year. */
export interface Shares {
  /** In integer cents, without VAT. */
  readonly total: number
  readonly durable: number
  readonly organic: number
  /** In ten-thousandths, rounded down: a share is not reached before it is. */
  readonly durableShare: number
  readonly organicShare: number
  /** What the law asks for in that year; `undefined` before it did. */
  readonly least: { readonly durable: number; readonly organic: number } | undefined
  readonly reached: boolean
}

/** Counts the shares of a year; `undefined` where nothing was bought. */
export function sharesOf(year: number, purchases: readonly { readonly cents: number; readonly quality: Quality }[]): Shares | undefined {
  const sum = (wanted: (quality: Quality) => boolean): number => purchases.reduce((cents, one) => cents + (wanted(one.quality) ? one.cents : 0), 0)
  const [total, durable, organic] = [sum(() => true), sum((quality) => quality !== 'none'), sum((quality) => quality === 'organic')]
  if (total <= 0) return undefined
  const share = (part: number): number => Number((BigInt(part) * 10_000n) / BigInt(total))
  const least = THRESHOLDS.findLast(({ from }) => from <= year)
  const [durableShare, organicShare] = [share(durable), share(organic)]
  return { total, durable, organic, durableShare, organicShare, least, reached: least === undefined || (durableShare >= least.durable && organicShare >= least.organic) }
}

/** An amount as people write it, in cents: `1 234,50`, `12.5`; `undefined` for what is none, negative, or finer than a cent. */
export function centsFrom(text: string): number | undefined {
  const plain = text.replaceAll(/[\s\u00a0\u202f€]/g, '')
  const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(plain)
  return found === null ? undefined : Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'))
}
