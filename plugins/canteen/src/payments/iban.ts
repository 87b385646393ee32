/** An IBAN in capitals without spaces where it is one (ISO 13616: length, characters, modulo 97); `undefined` otherwise. French ones have 27 characters. */
export function readIban(text: string): string | undefined {
  const iban = text.replace(/[\s\u00a0.-]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(iban) || (iban.startsWith('FR') && iban.length !== 27)) return undefined
  return mod97(`${iban.slice(4)}${iban.slice(0, 4)}`) === 1 ? iban : undefined
}

/** Whether it is an identifiant créancier SEPA: the same check, without the three characters of the business. */
export function isCreditorId(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z\d]{3}[A-Z\d]{1,28}$/.test(text) && mod97(`${text.slice(7)}${text.slice(0, 4)}`) === 1
}

function mod97(text: string): number {
  let rest = 0
  for (const character of text) rest = Number(`${rest}${Number.parseInt(character, 36)}`) % 97
  return rest
}
