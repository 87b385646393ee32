import { createHash } from 'node:crypto'
import { pdfDictionary, pdfNumber, type PdfFile, type PdfRef } from './pdf-file.ts'
import type { TrueTypeFont } from './true-type-font.ts'

/** What stands for a character that no font of ours has: another space, another hyphen. */
const ALIKE: ReadonlyMap<string, string> = new Map([['\u202f', '\u00a0'], ['\u2009', '\u00a0'], ['\u2007', '\u00a0'], ['\u2010', '-'], ['\u2011', '-'], ['\t', ' ']])
const UNKNOWN = '?'
/** Entries of one block of a map of characters, at most. */
const BLOCK = 100

/** Text as it is shown, and whether each character is the one that was meant. */
export interface ShownText { readonly text: string; readonly whole: boolean }

/** A font in a document, with those of its glyphs that were used. */
export class EmbeddedFont {
  readonly #font: TrueTypeFont
  readonly #name: string
  readonly #weight: number
  /** The first character that each glyph stood for. */
  readonly #used = new Map<number, number>()

  /** @param weight - of stems, in thousandths of an em */
  constructor(font: TrueTypeFont, name: string, weight: number) {
    this.#font = font
    this.#name = name
    this.#weight = weight
  }

  /** How high a line is, in ems, and where in it the letters stand. */
  get line(): { readonly height: number; readonly ascent: number } {
    const { ascent, descent } = this.#font.measures
    return { height: (ascent - descent) / 1_000, ascent: ascent / 1_000 }
  }

  /** A text in characters that the font has: a letter without its accent before none at all. */
  shown(text: string): ShownText {
    let whole = true
    const shown = Array.from(text.normalize('NFC'), (character) => {
      if (character === '\n' || this.#has(character)) return character
      const alike = ALIKE.get(character)
      if (alike !== undefined) return alike
      whole = false
      const [letter = ''] = character.normalize('NFKD')
      return this.#has(letter) ? letter : UNKNOWN
    }).join('')
    return { text: shown, whole }
  }

  /** How wide a text is at a size of one. */
  widthOf(text: string): number {
    let width = 0
    for (const character of text) width += this.#font.advanceOf(this.#glyph(character))
    return width / 1_000
  }

  /** A text as glyphs, for a content stream; it remembers them. */
  encoded(text: string): string {
    return `<${Array.from(text, (character) => {
      const glyph = this.#glyph(character)
      if (!this.#used.has(glyph)) this.#used.set(glyph, character.codePointAt(0) ?? 0)
      return hex(glyph)
    }).join('')}>`
  }

  /** Writes the font with what was used of it. */
  write(file: PdfFile, ref: PdfRef): void {
    const used = [...this.#used].toSorted(([a], [b]) => a - b)
    const glyphs = used.map(([glyph]) => glyph)
    const { ascent, descent, capHeight, box } = this.#font.measures
    const subset = this.#font.subset(glyphs)
    const name = `/${tagOf(glyphs)}+${this.#name}`
    const descriptor = file.add(pdfDictionary({
      Type: '/FontDescriptor', FontName: name, Flags: '4', FontBBox: `[${box.map(pdfNumber).join(' ')}]`, ItalicAngle: '0', Ascent: pdfNumber(ascent), Descent: pdfNumber(descent), CapHeight: pdfNumber(capHeight), StemV: String(this.#weight),
      FontFile2: file.stream(subset, { Length1: String(subset.length) }),
    }))
    const descendant = file.add(pdfDictionary({
      Type: '/Font', Subtype: '/CIDFontType2', BaseFont: name, CIDSystemInfo: '<</Registry (Adobe)/Ordering (Identity)/Supplement 0>>', FontDescriptor: descriptor, CIDToGIDMap: '/Identity',
      W: `[${glyphs.map((glyph) => `${glyph} [${pdfNumber(this.#font.advanceOf(glyph))}]`).join(' ')}]`,
    }))
    file.write(ref, pdfDictionary({ Type: '/Font', Subtype: '/Type0', BaseFont: name, Encoding: '/Identity-H', DescendantFonts: `[${descendant}]`, ToUnicode: file.stream(Buffer.from(charactersOf(used))) }))
  }

  #has(character: string): boolean {
    return this.#font.glyphOf(character.codePointAt(0) ?? 0) !== undefined
  }

  #glyph(character: string): number {
    return this.#font.glyphOf(character.codePointAt(0) ?? 0) ?? 0
  }
}

/** Which character each glyph is, so that text is found, read aloud and copied (ISO 32000-1, 9.10.3). */
function charactersOf(used: readonly (readonly [glyph: number, codePoint: number])[]): string {
  const blocks: string[] = []
  for (let from = 0; from < used.length; from += BLOCK) {
    const block = used.slice(from, from + BLOCK)
    blocks.push(`${block.length} beginbfchar\n${block.map(([glyph, codePoint]) => `<${hex(glyph)}> <${hex(codePoint)}>`).join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks.join('\n')}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n`
}

/** Six letters that tell one subset of a font from another. */
function tagOf(glyphs: readonly number[]): string {
  return Array.from(createHash('sha256').update(glyphs.join()).digest().subarray(0, 6), (byte) => String.fromCharCode(65 + (byte % 26))).join('')
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0')
}
