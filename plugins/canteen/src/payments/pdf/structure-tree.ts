/** What the parts of a document are, in the order in which they are read (ISO 32000-1, 14.7). */
import { pdfDictionary, pdfText, type PdfFile, type PdfRef } from './pdf-file.ts'

/** The types that our documents have. */
export type PartType = 'Document' | 'H1' | 'H2' | 'P' | 'Table' | 'TR' | 'TH' | 'TD'

/** A page, and which part each marked piece of its content belongs to; the place is the mark. */
export interface MarkedPage { readonly ref: PdfRef; readonly owners: Part[] }

/** A part of a document. */
export interface Part {
  readonly type: PartType
  readonly ref: PdfRef
  readonly parent: PdfRef
  readonly kids: string[]
  readonly scope?: 'Row' | 'Column'
  /** What is read instead of what is shown, where the font lacks a letter. */
  readonly actualText?: string
  /** Of the document alone. */
  readonly title?: string
}

/** The tree of parts, which becomes objects of a file. */
export class StructureTree {
  readonly #file: PdfFile
  readonly #parts: Part[] = []
  readonly ref: PdfRef
  readonly document: Part

  constructor(file: PdfFile, title: string) {
    this.#file = file
    this.ref = file.reserve()
    this.document = { type: 'Document', ref: file.reserve(), parent: this.ref, kids: [], title }
    this.#parts.push(this.document)
  }

  /** A part at the end of another one. */
  add(parent: Part, type: PartType, more: Pick<Part, 'scope' | 'actualText'> = {}): Part {
    const part: Part = { type, ref: this.#file.reserve(), parent: parent.ref, kids: [], ...more }
    parent.kids.push(part.ref)
    this.#parts.push(part)
    return part
  }

  /** Says that the next piece of content of a page is (of) a part. @returns its mark */
  mark(part: Part, page: MarkedPage): number {
    const mark = page.owners.push(part) - 1
    part.kids.push(`<</Type /MCR/Pg ${page.ref}/MCID ${mark}>>`)
    return mark
  }

  /** Writes all parts. Page n says `/StructParents n`. */
  write(pages: readonly MarkedPage[]): void {
    for (const { type, ref, parent, kids, scope, actualText, title } of this.#parts) {
      this.#file.write(ref, pdfDictionary({
        Type: '/StructElem', S: `/${type}`, P: parent, K: kids.length === 0 ? undefined : `[${kids.join(' ')}]`, A: scope === undefined ? undefined : `<</O /Table/Scope /${scope}>>`,
        ActualText: actualText === undefined ? undefined : pdfText(actualText), T: title === undefined ? undefined : pdfText(title),
      }))
    }
    const owners = pages.map((page, index) => `${index} [${page.owners.map(({ ref }) => ref).join(' ')}]`)
    const parents = this.#file.add(`<</Nums [${owners.join(' ')}]>>`)
    this.#file.write(this.ref, pdfDictionary({ Type: '/StructTreeRoot', K: `[${this.document.ref}]`, ParentTree: parents, ParentTreeNextKey: String(pages.length) }))
  }
}
