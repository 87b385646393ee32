import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalEuros, readEuros } from '../../src/payments/euros.ts'
import { isCreditorId, readIban } from '../../src/payments/iban.ts'
import { directDebitFaults, directDebitXml, isRum, type DirectDebitFile } from '../../src/payments/sepa/direct-debits.ts'

const IBAN = 'FR7630006000011234567890189'
const file: DirectDebitFile = {
  id: 'REGIE01-20261201', createdAt: '2026-12-01T08:00:00.000Z', debitDay: '2026-12-10', creditor: { name: 'Régie des écoles d’Aytré', iban: IBAN, bic: 'AGRIFRPP', ics: 'FR72ZZZ123456' },
  debits: [
    { endToEndId: 'F01-26-11-0000001', cents: 1_234, sequence: 'FRST', rum: 'RUM-1', signedOn: '2026-09-01', holder: 'Zoé <Éclair> & Cie', iban: IBAN, text: 'Facture F01-26-11-0000001' },
    { endToEndId: 'F01-26-11-0000002', cents: 5, sequence: 'RCUR', rum: 'RUM-2', signedOn: '2026-09-01', holder: 'Œdipe Roi', iban: IBAN, text: 'Facture' },
    { endToEndId: 'F01-26-11-0000003', cents: 100, sequence: 'OOFF', rum: 'RUM-3', signedOn: '2026-09-01', holder: 'Luc', iban: IBAN, text: 'Facture' },
  ],
}

function validate(text: string, schemaFile = join(import.meta.dirname, 'pain.008.001.02-used.xsd')): void {
  using schema = XmlDocument.fromString(readFileSync(schemaFile, 'utf8'))
  using validator = XsdValidator.fromDoc(schema)
  using document = XmlDocument.fromString(text)
  validator.validate(document)
}

test('a file of direct debits follows the message definition, with sums and a block for each sequence', () => {
  const text = directDebitXml(file)
  validate(text)
  expect([text.match(/<CtrlSum>[^<]+/g), text.match(/<SeqTp>\w+/g)]).toEqual([['<CtrlSum>13.39', '<CtrlSum>12.34', '<CtrlSum>0.05', '<CtrlSum>1.00'], ['<SeqTp>FRST', '<SeqTp>RCUR', '<SeqTp>OOFF']])
  expect(text).toContain('<Nm>Zoe Eclair Cie</Nm>')
  expect(text).toContain('<Nm>OEdipe Roi</Nm>')
  expect(() => { validate(text.replace('<SeqTp>FRST', '<SeqTp>NEXT')) }).toThrow(/SeqTp/)
})

test('whatever holders and texts are: what has no fault follows the message definition', () => {
  const [debit] = file.debits
  if (debit === undefined) throw new Error('no debit')
  const text = fc.string({ maxLength: 160, unit: 'grapheme' })
  fc.assert(fc.property(text, text, fc.oneof(fc.constantFrom('AGRIFRPP', 'AGRIFRPPXXX', '', undefined), text), fc.integer({ min: 1, max: 99_999_999_999 }), (holder, about, bic, cents) => {
    const made = { ...file, creditor: { ...file.creditor, bic }, debits: [{ ...debit, holder, text: about, cents }] }
    if (directDebitFaults(made).length === 0) validate(directDebitXml(made))
  }))
  expect(directDebitFaults({ ...file, creditor: { ...file.creditor, bic: 'agri' }, debits: [{ ...debit, holder: 'Дина' }] })).toEqual(['creditor-bic', 'holder'])
})

/** The standard's own schema, as iso20022.org gives it away: it is no part of this repository. Ours is the narrower of the two, see its head. */
const STANDARD = process.env['LIBERACCES_PAIN_008_SCHEMA'] ?? ''
test.skipIf(STANDARD === '')('a file of direct debits is valid against the standard’s own schema, with and without the BIC of the régie (skipped where LIBERACCES_PAIN_008_SCHEMA names none)', () => {
  for (const bic of ['AGRIFRPP', undefined]) expect(() => { validate(directDebitXml({ ...file, creditor: { ...file.creditor, bic } }), STANDARD) }).not.toThrow()
})

test('a file with a fault is not made', () => {
  const [debit] = file.debits
  if (debit === undefined) throw new Error('no debit')
  expect(directDebitFaults({ ...file, debits: [] })).toEqual(['nothing'])
  expect(directDebitFaults({ ...file, creditor: { name: '', iban: 'FR76', bic: '', ics: 'FR00ZZZ123456' } })).toEqual(['creditor', 'creditor-iban', 'creditor-id'])
  expect(directDebitFaults({ ...file, debits: [debit, { ...debit, cents: 0, iban: `${IBAN.slice(0, -1)}8`, rum: '' }] })).toEqual(['debtor-iban', 'amount', 'rum', 'twice'])
  expect(() => directDebitXml({ ...file, debits: [] })).toThrow(RangeError)
})

test('IBAN, creditor identifiers, references of mandates and amounts are checked', () => {
  expect([readIban('fr76 3000 6000 0112 3456 7890 189'), readIban('FR7630006000011234567890188'), readIban('DE89370400440532013000'), readIban('=1+1')]).toEqual([IBAN, undefined, 'DE89370400440532013000', undefined])
  expect([isCreditorId('FR72ZZZ123456'), isCreditorId('FR73ZZZ123456'), isRum('A/1'), isRum('/A'), isRum('é'), isRum('x'.repeat(36))]).toEqual([true, false, true, false, false, false])
  expect([decimalEuros(5), decimalEuros(-1_234), readEuros('3,4'), readEuros('12 €'), readEuros('-1'), readEuros('1,234'), readEuros('')]).toEqual(['0.05', '-12.34', 340, 1_200, undefined, undefined, undefined])
})
