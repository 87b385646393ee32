/** A PDF whose parts say what they are (PDF/UA-1: structure tree, language, title, embedded fonts). */
import { inflateSync } from 'node:zlib'
import { infoOf, metadataOf, type PdfAbout } from './document-facts.ts'
import { EmbeddedFont } from './embedded-font.ts'
import { OPEN_SANS_BOLD } from './fonts/open-sans-bold.ts'
import { OPEN_SANS_REGULAR } from './fonts/open-sans-regular.ts'
import { PAGE, PageWriter, type PlacedLine } from './page-writer.ts'
import { pdfDictionary, PdfFile } from './pdf-file.ts'
import { StructureTree, type Part } from './structure-tree.ts'
import { textLines } from './text-lines.ts'
import { TrueTypeFont } from './true-type-font.ts'

/** Margins, in points. */
const MARGIN = 50
const WIDTH = PAGE.width - 2 * MARGIN
/** Below this stands the foot of the page. */
const FLOOR = PAGE.height - MARGIN - 30
const SIZE = 9.5
const ROW = 15
/** Around the text of a cell: left and right, above and below. */
const INSET = { x: 3, y: 2 } as const

/** A column of a table; its width is a share of the page. */
export interface PdfColumn { readonly header: string; readonly width: number; readonly numeric?: boolean }

/** A cell whose text is broken into lines, and where it stands. */
interface Cell { readonly lines: readonly string[]; readonly left: number; readonly width: number; readonly numeric: boolean; readonly actualText?: string }

/** Writes from top to bottom; what is written is read in that order. */
export class TaggedDocument {
  readonly #file = new PdfFile()
  readonly #regular = new EmbeddedFont(new TrueTypeFont(inflateSync(Buffer.from(OPEN_SANS_REGULAR, 'base64'))), 'OpenSans-Regular', 90)
  readonly #bold = new EmbeddedFont(new TrueTypeFont(inflateSync(Buffer.from(OPEN_SANS_BOLD, 'base64'))), 'OpenSans-Bold', 150)
  readonly #about: PdfAbout
  readonly #tree: StructureTree
  readonly #pages: PageWriter
  readonly #footer: string
  #y = MARGIN

  /** @param footer - for the eye, at the foot of each page */
  constructor(about: PdfAbout, footer: string) {
    this.#about = about
    this.#footer = footer
    this.#tree = new StructureTree(this.#file, about.title)
    this.#pages = new PageWriter(this.#file, this.#tree, [this.#regular, this.#bold])
    this.#newPage()
  }

  /** A heading of level 1 or 2. */
  heading(level: 1 | 2, text: string): void {
    const size = level === 1 ? 18 : 12
    this.#room(level === 1 ? 40 : 60)
    if (level === 2) this.#y += 8
    this.#flow(`H${level}`, text, { font: this.#bold, size }, MARGIN, WIDTH)
    this.#y += 0.4 * this.#leading(size)
  }

  /** A paragraph; at `right` it stands in the right half of the page, where a window envelope shows it. */
  paragraph(text: string, { bold = false, right = false }: { readonly bold?: boolean; readonly right?: boolean } = {}): void {
    const [left, width] = right ? [MARGIN + WIDTH * 0.55, WIDTH * 0.45] : [MARGIN, WIDTH]
    this.#flow('P', text, { font: this.#font(bold), size: SIZE }, left, width)
    this.#y += 0.5 * this.#leading(SIZE)
  }

  /** A table with a heading row, which stands again on each page. A row whose first cell starts with `\u0000` is bold. */
  table(columns: readonly PdfColumn[], rows: readonly (readonly string[])[]): void {
    const table = this.#tree.add(this.#tree.document, 'Table')
    const head = this.#cells(columns.map(({ header }) => header), columns, true)
    this.#room(heightOf(head, this.#leading(SIZE)) + 3 * ROW)
    this.#row(table, head, { bold: true, head })
    for (const row of rows) {
      const bold = row[0]?.startsWith('\u0000') === true
      this.#row(table, this.#cells(bold ? row.map((cell) => cell.replace('\u0000', '')) : row, columns, bold), { bold, head })
    }
    this.#y += 0.8 * this.#leading(SIZE)
  }

  /** The file. */
  bytes(): Uint8Array<ArrayBuffer> {
    const pages = this.#pages.write()
    const { language } = this.#about
    if (!/^[a-zA-Z-]+$/.test(language)) throw new TypeError(`"${language}" is no tag of a language.`)
    const catalog = this.#file.add(pdfDictionary({
      Type: '/Catalog', Pages: pages, Lang: `(${language})`, MarkInfo: '<</Marked true>>', StructTreeRoot: this.#tree.ref, ViewerPreferences: '<</DisplayDocTitle true>>',
      Metadata: this.#file.stream(Buffer.from(metadataOf(this.#about)), { Type: '/Metadata', Subtype: '/XML' }, { plain: true }),
    }))
    return this.#file.bytes(catalog, this.#file.add(infoOf(this.#about)))
  }

  /** Lines of text, over as many pages as they need. */
  #flow(type: 'H1' | 'H2' | 'P', text: string, look: { readonly font: EmbeddedFont; readonly size: number }, left: number, width: number): void {
    const { font, size } = look
    const { text: shown, whole } = font.shown(text)
    const leading = this.#leading(size)
    const part = this.#tree.add(this.#tree.document, type, whole ? {} : { actualText: text })
    const lines = textLines(shown, width, (line) => font.widthOf(line) * size)
    if (lines.length * leading < FLOOR - MARGIN) this.#room(lines.length * leading)
    for (let rest = lines; rest.length > 0;) {
      this.#room(leading)
      const fitting = Math.max(1, Math.floor((FLOOR - this.#y) / leading))
      this.#pages.text(part, rest.slice(0, fitting).map((line, index) => ({ text: line, x: left, y: this.#y + index * leading })), look)
      this.#y += Math.min(fitting, rest.length) * leading
      rest = rest.slice(fitting)
    }
  }

  #cells(texts: readonly string[], columns: readonly PdfColumn[], bold: boolean): readonly Cell[] {
    const font = this.#font(bold)
    let left = MARGIN
    return columns.map(({ width: share, numeric = false }, place) => {
      const width = share * WIDTH
      const text = texts[place] ?? ''
      const { text: shown, whole } = font.shown(text)
      const cell = { lines: textLines(shown, width - 2 * INSET.x, (line) => font.widthOf(line) * SIZE), left, width, numeric, ...(whole ? {} : { actualText: text }) }
      left += width
      return cell
    })
  }

  /** A row, on a page where it fits; one that is higher than a page goes on on the next. */
  #row(table: Part, cells: readonly Cell[], { bold, head }: { readonly bold: boolean; readonly head: readonly Cell[] }): void {
    const isHead = cells === head
    const leading = this.#leading(SIZE)
    const row = this.#tree.add(table, 'TR')
    const parts = cells.map(({ actualText }, place) => {
      const scope = isHead ? 'Column' : place === 0 ? 'Row' : undefined
      return this.#tree.add(row, scope === undefined ? 'TD' : 'TH', { ...(scope === undefined ? {} : { scope }), ...(actualText === undefined ? {} : { actualText }) })
    })
    if (this.#y + heightOf(cells, leading) > FLOOR) this.#continued(head)
    const most = Math.max(...cells.map(({ lines }) => lines.length))
    for (let from = 0; from < most;) {
      if (from > 0) this.#continued(head)
      const fitting = Math.max(1, Math.floor((FLOOR - this.#y - 2 * INSET.y) / leading))
      const shown = cells.map((cell) => ({ ...cell, lines: cell.lines.slice(from, from + fitting) }))
      shown.forEach((cell, place) => {
        const part = parts[place]
        if (part !== undefined) this.#pages.text(part, this.#placed(cell, bold), { font: this.#font(bold), size: SIZE })
      })
      this.#y += heightOf(shown, leading)
      this.#pages.rule(MARGIN, this.#y, WIDTH, isHead ? 1 : 0.4)
      from += fitting
    }
  }

  /** A new page, with the heading row of a table for the eye: it has been read already. */
  #continued(head: readonly Cell[]): void {
    this.#newPage()
    this.#pages.decoration(head.flatMap((cell) => this.#placed(cell, true)), { font: this.#bold, size: SIZE }, 'Layout')
    this.#y += heightOf(head, this.#leading(SIZE))
    this.#pages.rule(MARGIN, this.#y, WIDTH, 1)
  }

  #placed({ lines, left, width, numeric }: Cell, bold: boolean): readonly PlacedLine[] {
    return lines.map((text, index) => ({
      text, y: this.#y + INSET.y + index * this.#leading(SIZE),
      x: numeric ? left + width - INSET.x - this.#font(bold).widthOf(text) * SIZE : left + INSET.x,
    }))
  }

  #font(bold: boolean): EmbeddedFont {
    return bold ? this.#bold : this.#regular
  }

  #leading(size: number): number {
    return this.#regular.line.height * size
  }

  #room(height: number): void {
    if (this.#y + height > FLOOR) this.#newPage()
  }

  #newPage(): void {
    this.#pages.begin()
    const { text } = this.#regular.shown(this.#footer)
    const size = 7.5
    this.#pages.decoration([{ text, x: (PAGE.width - this.#regular.widthOf(text) * size) / 2, y: PAGE.height - MARGIN }], { font: this.#regular, size, grey: 0.267 }, 'Footer')
    this.#y = MARGIN
  }
}

function heightOf(cells: readonly Cell[], leading: number): number {
  return Math.max(ROW, ...cells.map(({ lines }) => lines.length * leading + 2 * INSET.y))
}
