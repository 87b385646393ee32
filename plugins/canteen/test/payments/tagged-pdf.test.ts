import { inflateSync } from 'node:zlib'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, test } from 'vitest'
import { OPEN_SANS_REGULAR } from '../../src/payments/pdf/fonts/open-sans-regular.ts'
import { TaggedDocument } from '../../src/payments/pdf/tagged-document.ts'
import { textLines } from '../../src/payments/pdf/text-lines.ts'
import { TrueTypeFont } from '../../src/payments/pdf/true-type-font.ts'
import { APP, startCanteen } from '../attendance-kit.ts'

const about = { title: 'Facture F01-26-11-0000001', author: 'Aytré', language: 'fr-FR', createdAt: new Date('2026-12-01T00:00:00Z') }
const COLUMNS = [{ header: 'Jour', width: 0.5 }, { header: 'Montant', width: 0.5, numeric: true }]

interface Part { readonly role?: string; readonly type?: string; readonly id?: string; readonly children?: readonly Part[] }

/** A piece of a page: text, or the beginning or end of a mark, which the types of the reader know half of. */
interface Piece { readonly type?: string; readonly tag?: string; readonly id?: string; readonly str?: string }

/** What a reader that knows nothing of us makes of a file: the text of each page, with marks, and its parts. */
async function read<Answer>(bytes: Uint8Array, body: (document: PDFDocumentProxy) => Promise<Answer>): Promise<Answer> {
  const document = await getDocument({ data: new Uint8Array(bytes), useSystemFonts: false }).promise
  try {
    return await body(document)
  } finally {
    await document.loadingTask.destroy()
  }
}

async function textOf(document: PDFDocumentProxy, page: number): Promise<string> {
  return (await (await document.getPage(page)).getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join(' ')
}

function invoice(): TaggedDocument {
  const pdf = new TaggedDocument(about, 'Aytré – Régie')
  pdf.paragraph('Zoé Œuvrard', { right: true })
  pdf.heading(1, about.title)
  pdf.paragraph('« Un été au cœur de l’école », 3,42\u00a0€, soit 1\u202f234 centimes – peut-être…')
  pdf.table(COLUMNS, Array.from({ length: 120 }, (_, index) => [`Jour ${index}`, '3,42\u00a0€']))
  return pdf
}

describe('a PDF', () => {
  test('says its language, title and structure, and its text can be taken out; a table goes on over pages', async () => {
    const bytes = invoice().bytes()
    const raw = Buffer.from(bytes).toString('latin1')
    expect([raw.includes('/Marked true'), raw.includes('/Lang (fr-FR)'), raw.includes('/StructTreeRoot'), raw.includes('/DisplayDocTitle true'), raw.includes('<pdfuaid:part>1</pdfuaid:part>')]).toEqual([true, true, true, true, true])
    await read(bytes, async (document) => {
      expect(document.numPages).toBeGreaterThan(2)
      expect((await document.getMetadata()).info).toMatchObject({ Title: about.title, Author: 'Aytré', Language: 'fr-FR' })
      const text = await textOf(document, 1)
      expect(text).toContain('Zoé Œuvrard')
      expect(text).toContain('« Un été au cœur de l’école », 3,42')
      expect(text).toMatch(/3,42.€, soit 1.234 centimes – peut-être…/)
      const roles = JSON.stringify(await (await document.getPage(1)).getStructTree())
      expect(['"Document"', '"H1"', '"P"', '"Table"', '"TR"', '"TH"', '"TD"'].filter((role) => !roles.includes(`"role":${role}`))).toEqual([])
    })
  })

  test('has each piece of its text in exactly one part, but for what is there for the eye alone', async () => {
    await read(invoice().bytes(), async (document) => {
      for (let number = 1; number <= document.numPages; number += 1) {
        const page = await document.getPage(number)
        const items = (await page.getTextContent({ includeMarkedContent: true })).items as readonly Piece[]
        const marked = items.flatMap(({ type, tag, id }) => (type === 'beginMarkedContentProps' && tag !== 'Artifact' ? [id] : []))
        const owned: string[] = []
        const walk = (part: Part): void => {
          if (part.type === 'content') owned.push(part.id ?? '')
          for (const child of part.children ?? []) walk(child)
        }
        walk((await page.getStructTree()) as Part)
        expect(owned).toEqual(marked)
        // Seen on each page, read once: the heading row and the foot.
        expect(await textOf(document, number)).toContain('Montant')
        expect(items.filter(({ tag }) => tag === 'Artifact')).not.toEqual([])
        expect(textOutside(items)).toBe('')
      }
    })
  })

  test('shows a letter without its accent before none, and says the one that was meant', async () => {
    const pdf = new TaggedDocument(about, 'Pied')
    pdf.paragraph('Łukasz İnönü, Chișinău, Nguyễn')
    pdf.table(COLUMNS, [['Дина', '']])
    const bytes = pdf.bytes()
    await read(bytes, async (document) => {
      expect(await textOf(document, 1)).toContain('Łukasz İnönü, Chișinău, Nguyen')
      expect(await textOf(document, 1)).toContain('????')
    })
    expect(unpacked(bytes)).toContain(`/ActualText <${Buffer.from('\uFEFFДина', 'utf16le').swap16().toString('hex')}>`)
  })

  test('goes on over pages where a paragraph or a row is higher than one', async () => {
    const pdf = new TaggedDocument(about, 'Pied')
    const words = Array.from({ length: 3_000 }, (_, index) => `mot${index}`)
    pdf.paragraph(words.join(' '))
    pdf.table(COLUMNS, [[words.slice(0, 1_000).join(' '), 'x']])
    await read(pdf.bytes(), async (document) => {
      const texts: string[] = []
      for (let number = 1; number <= document.numPages; number += 1) texts.push(await textOf(document, number))
      const found = texts.join(' ').split(/\s+/)
      expect(words.filter((word, index) => found.filter((one) => one === word).length !== (index < 1_000 ? 2 : 1))).toEqual([])
    })
  })

  test('is the same for the same content, and small: of its fonts it holds what it shows', () => {
    const [one, other] = [invoice().bytes(), invoice().bytes()]
    expect(Buffer.from(one).equals(other)).toBe(true)
    expect(one.length).toBeLessThan(30_000)
  })

  test('is made in a process of its own, behind its walls, too', { timeout: 60_000 }, async () => {
    await using platform = await startCanteen({ booked: 0, runtime: 'process' })
    const parent = await platform.as('citizen')
    const { status, bytes } = await parent.get(`${APP}/attestations/2026.pdf`)
    expect(status).toBe(200)
    await read(new Uint8Array(bytes), async (document) => { expect(await textOf(document, 1)).toContain('2026') })
  })
})

test('lines break at spaces and within what is wider than a line, and lose nothing', () => {
  const widthOf = (text: string): number => text.length
  expect(textLines('un deux trois\n\nquatre\u00a0cinq x', 8, widthOf)).toEqual(['un deux', 'trois', '', 'quatre\u00a0c', 'inq x'])
  expect(textLines('', 8, widthOf)).toEqual([''])
})

test('a font has every letter of French, and a subset of it keeps the parts of accented ones', () => {
  const font = new TrueTypeFont(inflateSync(Buffer.from(OPEN_SANS_REGULAR, 'base64')))
  expect(Array.from('ÀÂÄÆÇÉÈÊËÎÏÔŒÙÛÜŸàâäæçéèêëîïôœùûüÿ«»€’–—…°ªº\u00a0').filter((letter) => font.glyphOf(letter.codePointAt(0) ?? 0) === undefined)).toEqual([])
  const glyph = font.glyphOf(0xe9) ?? 0
  const subset = font.subset([glyph])
  expect([subset.length < 8_000, subset.readUInt32BE(0)]).toEqual([true, 0x0001_0000])
  // The sum of all its words, its own check included, is the one that the format names.
  let sum = 0
  for (let at = 0; at < subset.length; at += 4) sum = (sum + subset.readUInt32BE(at)) >>> 0
  expect(sum).toBe(0xb1b0afba)
})

/** Text that bears no mark at all. */
function textOutside(items: readonly Piece[]): string {
  let depth = 0
  let outside = ''
  for (const { type, str } of items) {
    if (type?.startsWith('begin') === true) depth += 1
    else if (type === 'endMarkedContent') depth -= 1
    else if (depth === 0) outside += str ?? ''
  }
  return outside
}

/** The small objects of a file, unpacked. */
function unpacked(bytes: Uint8Array): string {
  const file = Buffer.from(bytes)
  const texts: string[] = []
  for (let at = file.indexOf('/Type /ObjStm'); at !== -1; at = file.indexOf('/Type /ObjStm', at + 1)) {
    const start = file.indexOf('stream\n', at) + 7
    texts.push(inflateSync(file.subarray(start, file.indexOf('\nendstream', start))).toString('latin1'))
  }
  return texts.join('\n')
}
