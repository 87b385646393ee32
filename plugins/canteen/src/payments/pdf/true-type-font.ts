/** What a PDF has to know of a TrueType font (OpenType 1.9): glyphs, widths, and a smaller font of a few of them. */

/** Flags of a part of a composite glyph. */
const WORDS = 0x1, SCALE = 0x8, MORE = 0x20, TWO_SCALES = 0x40, FOUR_SCALES = 0x80
/** Tables that a PDF asks for. */
const KEPT = ['glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp'] as const
/** What all of a font together adds up to. */
const CHECKSUM = 0xb1b0afba

/** A font of outlines in TrueType form, without instructions, its characters in the basic plane. */
export class TrueTypeFont {
  readonly #tables: ReadonlyMap<string, Buffer>
  readonly #glyphs: ReadonlyMap<number, number>
  /** Units of an em; everything measured here is in thousandths of an em. */
  readonly #unitsPerEm: number
  readonly #metrics: number

  /** @param bytes - the font; it is ours, not somebody's upload */
  constructor(bytes: Buffer) {
    this.#tables = tablesOf(bytes)
    this.#unitsPerEm = this.#table('head').readUInt16BE(18)
    this.#metrics = this.#table('hhea').readUInt16BE(34)
    this.#glyphs = glyphsOf(this.#table('cmap'))
  }

  /** The glyph of a character, if the font has one. */
  glyphOf(codePoint: number): number | undefined {
    return this.#glyphs.get(codePoint)
  }

  /** How far a glyph leads, in thousandths of an em. */
  advanceOf(glyph: number): number {
    return this.#scaled(this.#table('hmtx').readUInt16BE(4 * Math.min(glyph, this.#metrics - 1)))
  }

  /** Above and below the line, the height of capitals, and the box around all glyphs; in thousandths of an em. */
  get measures(): { readonly ascent: number; readonly descent: number; readonly capHeight: number; readonly box: readonly number[] } {
    const head = this.#table('head')
    return {
      ascent: this.#scaled(this.#table('hhea').readInt16BE(4)), descent: this.#scaled(this.#table('hhea').readInt16BE(6)), capHeight: this.#scaled(this.#table('OS/2').readInt16BE(88)),
      box: [36, 38, 40, 42].map((at) => this.#scaled(head.readInt16BE(at))),
    }
  }

  /** The same font with the outlines of some glyphs alone; they keep their numbers. */
  subset(glyphs: Iterable<number>): Buffer {
    const outlines = new Map<number, Buffer>()
    const waiting = [0, ...glyphs]
    for (let glyph = waiting.pop(); glyph !== undefined; glyph = waiting.pop()) {
      if (outlines.has(glyph)) continue
      const outline = this.#outline(glyph)
      outlines.set(glyph, outline)
      waiting.push(...partsOf(outline))
    }
    const count = this.#table('maxp').readUInt16BE(4)
    const loca = Buffer.alloc(4 * (count + 1))
    const parts: Buffer[] = []
    let at = 0
    for (let glyph = 0; glyph < count; glyph += 1) {
      const outline = outlines.get(glyph)
      if (outline !== undefined) {
        parts.push(padded(outline))
        at += parts.at(-1)?.length ?? 0
      }
      loca.writeUInt32BE(at, 4 * (glyph + 1))
    }
    const head = Buffer.from(this.#table('head'))
    head.writeUInt32BE(0, 8)
    head.writeInt16BE(1, 50)
    return fontOf(new Map<string, Buffer>(KEPT.map((tag) => [tag, tag === 'glyf' ? Buffer.concat(parts) : tag === 'loca' ? loca : tag === 'head' ? head : this.#table(tag)])))
  }

  #outline(glyph: number): Buffer {
    const loca = this.#table('loca')
    const isLong = this.#table('head').readInt16BE(50) === 1
    const place = (index: number): number => (isLong ? loca.readUInt32BE(4 * index) : 2 * loca.readUInt16BE(2 * index))
    return this.#table('glyf').subarray(place(glyph), place(glyph + 1))
  }

  #table(tag: string): Buffer {
    const table = this.#tables.get(tag)
    if (table === undefined) throw new TypeError(`The font has no table ${tag}.`)
    return table
  }

  #scaled(units: number): number {
    return (units * 1_000) / this.#unitsPerEm
  }
}

function tablesOf(bytes: Buffer): ReadonlyMap<string, Buffer> {
  return new Map(Array.from({ length: bytes.readUInt16BE(4) }, (_, index) => {
    const at = 12 + 16 * index
    const start = bytes.readUInt32BE(at + 8)
    return [bytes.toString('latin1', at, at + 4), bytes.subarray(start, start + bytes.readUInt32BE(at + 12))]
  }))
}

/** Characters and their glyphs, from a subtable of format 4. */
function glyphsOf(cmap: Buffer): ReadonlyMap<number, number> {
  const starts = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.readUInt32BE(8 + 8 * index))
  const start = starts.find((at) => cmap.readUInt16BE(at) === 4)
  if (start === undefined) throw new TypeError('The font has no map of characters of format 4.')
  const table = cmap.subarray(start)
  const twice = table.readUInt16BE(6)
  const glyphs = new Map<number, number>()
  for (let at = 0; at < twice; at += 2) {
    const [last, first, delta, offset] = [14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice].map((base) => table.readUInt16BE(base + at)) as [number, number, number, number]
    for (let code = first; code <= last && code < 0xffff; code += 1) {
      const found = offset === 0 ? code : table.readUInt16BE(16 + 3 * twice + at + offset + 2 * (code - first))
      const glyph = found === 0 ? 0 : (found + delta) & 0xffff
      if (glyph !== 0) glyphs.set(code, glyph)
    }
  }
  return glyphs
}

/** The glyphs that a composite one is made of. */
function partsOf(outline: Buffer): readonly number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return []
  const parts: number[] = []
  for (let at = 10, flags = MORE; (flags & MORE) !== 0;) {
    flags = outline.readUInt16BE(at)
    parts.push(outline.readUInt16BE(at + 2))
    at += 4 + ((flags & WORDS) !== 0 ? 4 : 2) + ((flags & SCALE) !== 0 ? 2 : (flags & TWO_SCALES) !== 0 ? 4 : (flags & FOUR_SCALES) !== 0 ? 8 : 0)
  }
  return parts
}

function fontOf(tables: ReadonlyMap<string, Buffer>): Buffer {
  const count = tables.size
  const directory = Buffer.alloc(12 + 16 * count)
  const power = Math.floor(Math.log2(count))
  directory.writeUInt32BE(0x0001_0000, 0)
  for (const [index, value] of [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].entries()) directory.writeUInt16BE(value, 4 + 2 * index)
  let at = directory.length
  let headAt = 0
  for (const [index, [tag, table]] of [...tables].entries()) {
    directory.write(tag, 12 + 16 * index, 'latin1')
    for (const [place, value] of [checksum(padded(table)), at, table.length].entries()) directory.writeUInt32BE(value, 16 + 16 * index + 4 * place)
    if (tag === 'head') headAt = at
    at += padded(table).length
  }
  const font = Buffer.concat([directory, ...[...tables.values()].map(padded)])
  font.writeUInt32BE((CHECKSUM - checksum(font)) >>> 0, headAt + 8)
  return font
}

function padded(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
}

function checksum(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0
  return sum
}
