// Départements 01 to 95 without 20, split into 2A and 2B in 1976; 97x and 98x overseas, where the département takes three characters.
const INSEE = /^(?:(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[46789]\d{2})$/

/** A commune's code as the Code officiel géographique writes it (`2A004`, not `2a004`); `undefined` when it has another form. */
export function parseInseeCode(text: string): string | undefined {
  const code = text.trim().toUpperCase()
  return INSEE.test(code) ? code : undefined
}

/** The département of a commune: two characters, three overseas. */
export function departementOf(inseeCode: string): string {
  return inseeCode.slice(0, inseeCode.startsWith('97') || inseeCode.startsWith('98') ? 3 : 2)
}
