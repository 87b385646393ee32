import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { expect, test } from 'vitest'
import { TaggedDocument } from '../../src/payments/pdf/tagged-document.ts'

test('a PDF says its language, title and structure, and its text can be taken out; a table goes on over pages', async () => {
  const pdf = new TaggedDocument({ title: 'Facture F01-26-11-0000001', author: 'Aytré', language: 'fr-FR', createdAt: new Date('2026-12-01T00:00:00Z') }, 'Aytré – Régie')
  pdf.paragraph('Zoé Œuvrard', { right: true })
  pdf.heading(1, 'Facture F01-26-11-0000001')
  pdf.table([{ header: 'Jour', width: 0.5 }, { header: 'Montant', width: 0.5, numeric: true }], Array.from({ length: 120 }, (_, index) => [`Jour ${index}`, '3,42\u00a0€']))
  const bytes = await pdf.bytes()
  const raw = Buffer.from(bytes).toString('latin1')
  expect([raw.includes('/Marked true'), raw.includes('/Lang (fr-FR)'), raw.includes('/StructTreeRoot'), raw.includes('/DisplayDocTitle true')]).toEqual([true, true, true, true])
  const document = await getDocument({ data: new Uint8Array(bytes), useSystemFonts: false }).promise
  expect(document.numPages).toBeGreaterThan(2)
  const first = await document.getPage(1)
  const text = (await first.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join(' ')
  expect(text).toContain('Zoé Œuvrard')
  expect(text).toMatch(/3,42.€/)
  const roles = JSON.stringify(await first.getStructTree())
  expect(['"Document"', '"H1"', '"P"', '"Table"', '"TR"', '"TH"', '"TD"'].filter((role) => !roles.includes(`"role":${role}`))).toEqual([])
  await document.loadingTask.destroy()
})
