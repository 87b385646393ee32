/** Money is integer cents. There is one rounding in this plugin, and it is here. */

/** A share in ten-thousandths: 10 000 is the whole, 5 000 half of it. */
export type Share = number

/** The whole of something, as a share. */
export const WHOLE: Share = 10_000

/**
 * A share of an amount, rounded to the cent, halves away from zero, as the Trésor public rounds.
 * @param cents - an integer, also below zero
 * @param share - an integer, 0 or more
 */
export function shareOf(cents: number, share: Share): number {
  const exact = BigInt(Math.abs(cents)) * BigInt(share)
  const rounded = Number((exact * 2n + BigInt(WHOLE)) / (BigInt(WHOLE) * 2n))
  return cents < 0 ? -rounded : rounded
}

/**
 * Divides an amount by shares so that the parts add up to it: what rounding leaves goes, cent by cent, to the largest remainders, the first of equals.
 * @param shares - integers above zero
 * @returns integers of the sign of the amount, in the order of the shares
 * @throws RangeError without shares
 */
export function divided(cents: number, shares: readonly Share[]): readonly number[] {
  const sum = shares.reduce((total, share) => total + share, 0)
  if (sum <= 0) throw new RangeError('An amount is divided by shares above zero.')
  const [amount, all] = [BigInt(Math.abs(cents)), BigInt(sum)]
  const parts = shares.map((share, index) => ({ index, whole: (amount * BigInt(share)) / all, rest: (amount * BigInt(share)) % all }))
  const left = Number(amount - parts.reduce((total, { whole }) => total + whole, 0n))
  const luckiest = new Set(parts.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1)).slice(0, left).map(({ index }) => index))
  return parts.map(({ index, whole }) => (cents < 0 ? -1 : 1) * (Number(whole) + (luckiest.has(index) ? 1 : 0)) || 0)
}
