/** Whether nine digits are a SIREN: their sum by Luhn is a multiple of ten. */
export function isSiren(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false
  const sum = text.split('').reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
