/** Pages and what is drawn on them: marked pieces of text, and what is there for the eye alone. */
import type { EmbeddedFont } from './embedded-font.ts'
import { pdfDictionary, pdfNumber as n, type PdfFile, type PdfRef } from './pdf-file.ts'
import type { Part, StructureTree } from './structure-tree.ts'

/** A4, in points. */
export const PAGE = { width: 595.28, height: 841.89 } as const

/** A line of text and where it stands: its upper left corner, from the top of the page. */
export interface PlacedLine { readonly text: string; readonly x: number; readonly y: number }

/** How text looks. */
export interface TextLook { readonly font: EmbeddedFont; readonly size: number; /** 0 is black, 1 white. @defaultValue 0 */ readonly grey?: number }

interface Page { readonly ref: PdfRef; readonly owners: Part[]; readonly drawn: string[] }

/** Draws on the last page. */
export class PageWriter {
  readonly #file: PdfFile
  readonly #tree: StructureTree
  readonly #pages: Page[] = []
  /** By the name that content streams give them. */
  readonly #fonts = new Map<EmbeddedFont, { readonly name: string; readonly ref: PdfRef }>()

  constructor(file: PdfFile, tree: StructureTree, fonts: readonly EmbeddedFont[]) {
    this.#file = file
    this.#tree = tree
    for (const [index, font] of fonts.entries()) this.#fonts.set(font, { name: `F${index + 1}`, ref: file.reserve() })
  }

  /** Begins a page. */
  begin(): void {
    this.#pages.push({ ref: this.#file.reserve(), owners: [], drawn: [] })
  }

  /** Text that is a part of the document. */
  text(part: Part, lines: readonly PlacedLine[], look: TextLook): void {
    if (lines.every(({ text }) => text === '')) return
    this.#draw(`/${part.type} <</MCID ${this.#tree.mark(part, this.#page)}>> BDC`, this.#shown(lines, look), 'EMC')
  }

  /** Text that is there for the eye alone: at the foot of the page, or said already. */
  decoration(lines: readonly PlacedLine[], look: TextLook, kind: 'Layout' | 'Footer'): void {
    this.#draw(kind === 'Footer' ? '/Artifact <</Type /Pagination/Subtype /Footer>> BDC' : '/Artifact <</Type /Layout>> BDC', this.#shown(lines, look), 'EMC')
  }

  /** A line across, from the top of the page. */
  rule(x: number, y: number, length: number, width: number): void {
    const height = n(PAGE.height - y)
    this.#draw('/Artifact <</Type /Layout>> BDC', `q 0.267 G ${n(width)} w ${n(x)} ${height} m ${n(x + length)} ${height} l S Q`, 'EMC')
  }

  /** Writes pages, fonts and the tree of parts. @returns the list of pages */
  write(): PdfRef {
    const list = this.#file.reserve()
    const fonts = pdfDictionary(Object.fromEntries([...this.#fonts.values()].map(({ name, ref }) => [name, ref])))
    for (const [font, { ref }] of this.#fonts) font.write(this.#file, ref)
    for (const [index, { ref, drawn }] of this.#pages.entries()) {
      this.#file.write(ref, pdfDictionary({
        Type: '/Page', Parent: list, MediaBox: `[0 0 ${PAGE.width} ${PAGE.height}]`, Resources: `<</Font ${fonts}>>`, Contents: this.#file.stream(Buffer.from(drawn.join('\n'))), StructParents: String(index), Tabs: '/S',
      }))
    }
    this.#file.write(list, pdfDictionary({ Type: '/Pages', Kids: `[${this.#pages.map(({ ref }) => ref).join(' ')}]`, Count: String(this.#pages.length) }))
    this.#tree.write(this.#pages)
    return list
  }

  get #page(): Page {
    const page = this.#pages.at(-1)
    if (page === undefined) throw new TypeError('No page of the document was begun.')
    return page
  }

  #draw(...operators: readonly string[]): void {
    this.#page.drawn.push(...operators)
  }

  #shown(lines: readonly PlacedLine[], { font, size, grey = 0 }: TextLook): string {
    const name = this.#fonts.get(font)?.name ?? ''
    const base = font.line.ascent * size
    // The space after a line that goes on keeps two words apart for whoever listens.
    const shown = lines.flatMap(({ text, x, y }, index) => (text === '' ? [] : [`1 0 0 1 ${n(x)} ${n(PAGE.height - y - base)} Tm ${font.encoded(index === lines.length - 1 ? text : `${text} `)} Tj`]))
    return `BT ${n(grey)} g /${name} ${n(size)} Tf ${shown.join(' ')} ET`
  }
}
