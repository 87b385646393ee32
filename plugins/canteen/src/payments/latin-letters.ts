/** Letters that are more than a base and its marks, as French writes them without. */
const SPELT: Readonly<Record<string, string>> = {
  œ: 'oe', Œ: 'OE', æ: 'ae', Æ: 'AE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ß: 'ss', ẞ: 'SS', ı: 'i', ħ: 'h', Ħ: 'H', ŋ: 'n', Ŋ: 'N', '’': "'", '‘': "'", '`': "'", '–': '-', '—': '-',
}

/** A text without accents and joined letters, for files of banks and of the comptable: « Łukasz Œuvrard » is « Lukasz OEuvrard ». What is of another script stays. */
export function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\x20-\x7e]/gu, (letter) => SPELT[letter] ?? letter)
}
