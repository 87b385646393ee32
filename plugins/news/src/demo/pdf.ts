/** A one-page document made by code (PDF 1.4, ISO 32000), in Helvetica. */

const LINE_HEIGHT = 16
const TOP = 780
/** The characters of French beyond Latin-1 in WinAnsiEncoding (ISO 32000-1, annex D). */
const WIN_ANSI: Readonly<Record<string, number>> = { '€': 0x80, '…': 0x85, 'Œ': 0x8c, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '–': 0x96, '—': 0x97, 'œ': 0x9c, 'Ÿ': 0x9f, '\u202f': 0x20 }

/** @param lines - of at most 90 characters, at most 45 of them; an empty one is a gap */
export function writePdf(title: string, lines: readonly string[]): Uint8Array {
  const text = [
    'BT', '/F2 18 Tf', `1 0 0 1 56 ${TOP} Tm`, `(${escapeString(title)}) Tj`,
    '/F1 11 Tf', `${LINE_HEIGHT} TL`, `1 0 0 1 56 ${TOP - 2 * LINE_HEIGHT} Tm`,
    ...lines.map((line) => `(${escapeString(line)}) Tj T*`), 'ET',
  ].join('\n')
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> /Contents 6 0 R >>',
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    `<< /Title (${escapeString(title)}) /Producer (LiberAcc\\350s) >>`,
  ]
  let document = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'
  const offsets = objects.map((object, index) => {
    const offset = document.length
    document += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = document.length
  document += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`
  document += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`
  // One character is one byte, so lengths and offsets counted above are those of the file.
  return Uint8Array.from(document, (character) => character.charCodeAt(0))
}

/** A text between parentheses: WinAnsi, one byte a character, what has none as a question mark. */
function escapeString(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => WIN_ANSI[character] ?? character.codePointAt(0) ?? 0x3f)
    .map((code) => (code < 0x20 || code > 0xff ? '?' : String.fromCharCode(code)))
    .join('')
    .replace(/[\\()]/g, (character) => `\\${character}`)
}
