/** Integer cents as a decimal number with a point, as files for banks and the Trésor write amounts: `1234` is `12.34`. */
export function decimalEuros(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** What people type as an amount, in cents: `3,42`, `3.4`, `12 €`. Nothing below zero; `undefined` for what is no amount. */
export function readEuros(text: string): number | undefined {
  const [, euros, cents = ''] = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s\u00a0\u202f€]/g, '')) ?? []
  return euros === undefined ? undefined : Number(euros) * 100 + Number(cents.padEnd(2, '0'))
}
