/** A PDF whose parts say what they are (PDF/UA direction: structure tree, language, title, embedded fonts). */
import PDFDocument from 'pdfkit'
import { OPEN_SANS_BOLD } from './fonts/open-sans-bold.ts'
import { OPEN_SANS_REGULAR } from './fonts/open-sans-regular.ts'

/** A4 and its margins, in points. */
const MARGIN = 50
const WIDTH = 595.28 - 2 * MARGIN
const FLOOR = 841.89 - MARGIN - 30
const SIZE = 9.5
const ROW = 15

/** A column of a table. */
export interface PdfColumn { readonly header: string; readonly width: number; readonly numeric?: boolean }

/** What a document is about. */
export interface PdfAbout { readonly title: string; readonly author: string; readonly language: string; readonly createdAt: Date }

type Structure = PDFKit.PDFStructureElement

/** Writes from top to bottom; what is written is read in that order. */
export class TaggedDocument {
  readonly #doc: PDFKit.PDFDocument
  readonly #root: Structure
  readonly #chunks: Uint8Array[] = []
  readonly #ended: Promise<void>
  readonly #footer: string

  constructor({ title, author, language, createdAt }: PdfAbout, footer: string) {
    this.#footer = footer
    const font = null as unknown as string // No standard font: those are read from files.
    this.#doc = new PDFDocument({
      size: 'A4', margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 20 }, pdfVersion: '1.7', tagged: true, lang: language, displayTitle: true, font, bufferPages: false,
      info: { Title: title, Author: author, Creator: 'LiberAccès', Producer: 'LiberAccès', CreationDate: createdAt, ModDate: createdAt },
    })
    this.#doc.registerFont('regular', Buffer.from(OPEN_SANS_REGULAR, 'base64'))
    this.#doc.registerFont('bold', Buffer.from(OPEN_SANS_BOLD, 'base64'))
    this.#doc.font('regular').fontSize(SIZE)
    this.#ended = new Promise((resolve, reject) => {
      this.#doc.on('data', (chunk: Uint8Array) => { this.#chunks.push(chunk) })
      this.#doc.on('end', () => { resolve() })
      this.#doc.on('error', reject)
    })
    this.#root = this.#doc.struct('Document', { title })
    this.#doc.addStructure(this.#root)
    this.#foot()
  }

  /** A heading of level 1 or 2. */
  heading(level: 1 | 2, text: string): void {
    this.#room(level === 1 ? 40 : 60)
    const { y } = this.#doc
    this.#add(this.#root, `H${level}`, () => { this.#doc.font('bold').fontSize(level === 1 ? 18 : 12).text(text, MARGIN, level === 1 ? y : y + 8, { width: WIDTH }).font('regular').fontSize(SIZE) })
    this.#doc.moveDown(0.4)
  }

  /** A paragraph; at `right` it stands in the right half of the page, where a window envelope shows it. */
  paragraph(text: string, options: { readonly bold?: boolean; readonly right?: boolean } = {}): void {
    const [left, width] = options.right === true ? [MARGIN + WIDTH * 0.55, WIDTH * 0.45] : [MARGIN, WIDTH]
    this.#doc.font(options.bold === true ? 'bold' : 'regular')
    this.#room(this.#doc.heightOfString(text, { width }))
    this.#add(this.#root, 'P', () => { this.#doc.text(text, left, this.#doc.y, { width }) })
    this.#doc.font('regular').moveDown(0.5)
  }

  /** A table with a heading row, which stands again on each page. A row whose first cell starts with `\u0000` is bold. Widths are shares of the page. */
  table(columns: readonly PdfColumn[], rows: readonly (readonly string[])[]): void {
    const table = this.#doc.struct('Table')
    this.#root.add(table)
    const widths = columns.map(({ width }) => width * WIDTH)
    const heightOf = (cells: readonly string[]): number => Math.max(ROW, ...cells.map((cell, place) => this.#doc.heightOfString(cell, { width: (widths[place] ?? 0) - 6 }) + 4))
    const headers = columns.map(({ header }) => header)
    this.#doc.font('bold')
    const headHeight = heightOf(headers)
    this.#room(headHeight + 3 * ROW)
    this.#row(table, headers, columns, widths, headHeight, { bold: true, head: true })
    for (const row of rows) {
      const bold = row[0]?.startsWith('\u0000') === true
      const cells = bold ? row.map((cell) => cell.replace('\u0000', '')) : row
      this.#doc.font(bold ? 'bold' : 'regular')
      const height = heightOf(cells)
      if (this.#doc.y + height > FLOOR) {
        this.#page()
        // Read once, seen on each page.
        this.#artifact(() => { this.#cells(headers, columns, widths, headHeight, true) })
        this.#doc.y += headHeight
      }
      this.#row(table, cells, columns, widths, height, { bold, head: false })
    }
    table.end()
    this.#doc.font('regular').moveDown(0.8)
  }

  /** The file. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    this.#root.end()
    this.#doc.end()
    await this.#ended
    return new Uint8Array(Buffer.concat(this.#chunks))
  }

  #row(table: Structure, cells: readonly string[], columns: readonly PdfColumn[], widths: readonly number[], height: number, { bold, head }: { readonly bold: boolean; readonly head: boolean }): void {
    const top = this.#doc.y
    const row = this.#doc.struct('TR')
    table.add(row)
    cells.forEach((cell, place) => {
      const isHeader = head || place === 0
      const made = this.#add(row, isHeader ? 'TH' : 'TD', () => { this.#cell(cell, columns, widths, place, top, bold) })
      if (isHeader) (made as unknown as { dictionary: { data: Record<string, unknown> } }).dictionary.data['A'] = { O: 'Table', Scope: head ? 'Column' : 'Row' }
    })
    row.end()
    this.#rule(top + height, head ? 1 : 0.4)
    this.#doc.y = top + height
  }

  #cells(cells: readonly string[], columns: readonly PdfColumn[], widths: readonly number[], height: number, bold: boolean): void {
    const top = this.#doc.y
    cells.forEach((cell, place) => { this.#cell(cell, columns, widths, place, top, bold) })
    this.#doc.moveTo(MARGIN, top + height).lineTo(MARGIN + WIDTH, top + height).lineWidth(1).stroke('#444444')
    this.#doc.y = top
  }

  #cell(text: string, columns: readonly PdfColumn[], widths: readonly number[], place: number, top: number, bold: boolean): void {
    const left = MARGIN + widths.slice(0, place).reduce((sum, width) => sum + width, 0)
    this.#doc.font(bold ? 'bold' : 'regular').text(text, left + 3, top + 2, { width: (widths[place] ?? 0) - 6, align: columns[place]?.numeric === true ? 'right' : 'left' })
  }

  #add(parent: Structure, type: string, write: () => void): Structure {
    const made = this.#doc.struct(type, {}, write)
    parent.add(made)
    made.end()
    return made
  }

  #rule(y: number, width: number): void {
    this.#artifact(() => { this.#doc.moveTo(MARGIN, y).lineTo(MARGIN + WIDTH, y).lineWidth(width).stroke('#444444') })
  }

  #artifact(write: () => void): void {
    this.#doc.markContent('Artifact', { type: 'Layout' })
    write()
    this.#doc.endMarkedContent()
  }

  #room(height: number): void {
    if (this.#doc.y + height > FLOOR) this.#page()
  }

  #page(): void {
    this.#doc.addPage()
    this.#foot()
  }

  #foot(): void {
    const { y } = this.#doc
    this.#artifact(() => { this.#doc.fontSize(7.5).fillColor('#444444').text(this.#footer, MARGIN, 841.89 - MARGIN, { width: WIDTH, align: 'center', lineBreak: false }).fontSize(SIZE).fillColor('#000000') })
    this.#doc.y = y
    this.#doc.x = MARGIN
  }
}
