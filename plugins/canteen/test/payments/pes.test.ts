import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cle1, cle2 } from '../../src/payments/pes/ormc-keys.ts'
import { pesBytes, pesFaults, pesFileName, type PesFile } from '../../src/payments/pes/pes-file.ts'

const file: PesFile = {
  siren: '211700281', sequence: 1, issuedOn: '2026-12-01', idPost: '017028', idColl: '21170028100010', codCol: '244', codBud: '00', codProdLoc: 'CANT', label: 'Commune d’Aytré', bordereau: 12, exercice: 2026, month: 11, object: 'Restauration scolaire',
  pieces: [
    { number: 1, label: 'F01-26-11-0000001', cents: 1_234, firstName: 'Zoé', lastName: 'L’Œuf & <Cie>', address: '1 rue de l’Église', postcode: '17440', town: 'Aytré' },
    { number: 2, label: 'F01-26-11-0000002', cents: 66, firstName: '', lastName: 'Roy', address: '2 place', postcode: '17440', town: 'Aytré' },
  ],
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

test('a PES file has an ORMC bordereau whose triplet, sums and keys Hélios takes', () => {
  const bytes = pesBytes(file)
  const xml = text(bytes)
  using document = XmlDocument.fromBuffer(bytes)
  expect(document.root.name).toBe('PES_Aller')
  expect(xml.match(/<(TypBord|TypPce|NatPce|Nature|NbrPce|MtBordHt|MtHT) V="[^"]+/g)).toEqual([
    '<TypBord V="06', '<NbrPce V="2', '<MtBordHt V="13.00', '<TypPce V="15', '<NatPce V="01', '<Nature V="588', '<MtHT V="12.34', '<TypPce V="15', '<NatPce V="01', '<Nature V="588', '<MtHT V="0.66',
  ])
  expect(xml).toContain('<Nom V="L\'OEUF &amp; &lt;CIE&gt;"/>')
  expect([xml.startsWith('<?xml version="1.0" encoding="ISO-8859-1"?>'), pesFileName(file)]).toEqual([true, 'PESALR2_211700281_261201_001.xml'])
})

function validate(bytes: Uint8Array): void {
  using schema = XmlDocument.fromString(readFileSync(new URL('pes-ormc-used.xsd', import.meta.url), 'utf8'))
  using validator = XsdValidator.fromDoc(schema)
  using document = XmlDocument.fromBuffer(bytes)
  validator.validate(document)
}

test('names, order and lengths are those that other programs write for Hélios, whatever people are called and wherever they live', () => {
  const [piece] = file.pieces
  if (piece === undefined) throw new Error('no piece')
  validate(pesBytes(file))
  const text = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' })
  fc.assert(fc.property(fc.array(fc.record({ firstName: fc.oneof(fc.constant(''), text), lastName: text, address: text, town: text, cents: fc.integer({ min: 1, max: 99_999_999 }) }), { minLength: 1, maxLength: 5 }), text, (people, object) => {
    const pieces = people.map((person, index) => ({ ...piece, ...person, number: index + 1 }))
    // What is left of a name or address without a letter that Hélios takes is told before; everything else makes a file that fits.
    if (pesFaults({ ...file, pieces }).length === 0) validate(pesBytes({ ...file, object, pieces }))
  }))
  expect(() => { validate(Buffer.from(Buffer.from(pesBytes(file)).toString('latin1').replace('<TypBord V="06"/>', '<TypBord V="04"/>'), 'latin1')) }).toThrow(/TypBord/)
})

test('the keys of a slip are those of the published rule', () => {
  // By hand: 1 at the right with the weight 2 leaves 11 − 2; 12 at weights 2 and 3 makes 7.
  expect([cle1(['1']), cle1(['12']), cle1(['0']), cle1(['A', '1'])]).toEqual(['9', '4', '1', '9'])
  expect([cle2(['0']), cle2(['8']), cle2(['22']), cle2(['23']), cle2(['26', '11', '00', '0000000000001'])]).toEqual(['A', 'J', 'Y', 'A', 'ABCDEFGHJKLMNPQRSTUVWXY'[Number(261_100_000_000_000_000_1n % 23n)]])
})

test('what an operator sends back is found before', () => {
  const [piece] = file.pieces
  if (piece === undefined) throw new Error('no piece')
  const faults = (change: Partial<PesFile>): readonly string[] => pesFaults({ ...file, ...change })
  expect(faults({})).toEqual([])
  expect([faults({ pieces: [] }), faults({ idPost: '12345678' }), faults({ codCol: '2445' }), faults({ codBud: '000' }), faults({ idColl: '21170028100011' }), faults({ idColl: '2117002810001' }), faults({ siren: '211700282' }), faults({ codProdLoc: '' })])
    .toEqual([['nothing'], ['id-post'], ['cod-col'], ['cod-bud'], ['id-coll'], ['id-coll'], ['siren'], ['prod-loc']])
  expect(faults({ pieces: [piece, { ...piece, cents: 0, postcode: '1744' }] })).toEqual(['amount', 'address', 'twice'])
  expect([faults({ pieces: [{ ...piece, lastName: 'Дина' }] }), text(pesBytes({ ...file, pieces: [{ ...piece, lastName: 'Łukaszewicz', firstName: 'Søren' }] })).match(/<(?:Nom|Prenom) V="\w+/g)]).toEqual([['name'], ['<Nom V="LUKASZEWICZ', '<Prenom V="SOREN']])
  expect(() => pesBytes({ ...file, pieces: [] })).toThrow(RangeError)
})

/** Files that an operator took and sent back: public samples are no part of this repository, and the tests say that they are skipped where there are none beside it. */
const SAMPLES = [process.env['LIBERACCES_TEST_DATA'], ...['../../../../..', '../../../../../..'].map((up) => fileURLToPath(new URL(`${up}/shared/data`, import.meta.url)))].find((folder) => folder !== undefined && existsSync(`${folder}/pes`))
test.skipIf(SAMPLES === undefined)('the head of a file has the elements of one that an operator took, in their order (skipped where LIBERACCES_TEST_DATA has no samples)', () => {
  const names = (xml: string, part: string): readonly string[] => [...(new RegExp(`<${part}>([\\s\\S]*?)</${part}>`).exec(xml)?.[1] ?? '').matchAll(/<(\w+)/g)].map(([, name]) => name ?? '')
  const sample = readFileSync(`${SAMPLES}/pes/s2low_pes_aller_ok.xml`, 'latin1')
  const ours = text(pesBytes(file))
  expect(names(ours, 'EnTetePES')).toEqual(names(sample, 'EnTetePES'))
  expect(names(ours, 'Parametres')).toEqual(names(sample, 'Parametres'))
  expect(/<TypFic V="PESALR2"/.test(sample)).toBe(true)
  // What both have of a payer and an address comes in the same order.
  for (const part of ['InfoTiers', 'Adresse']) {
    const [own, theirs] = [names(ours, part), names(sample, part)]
    expect([part, own.filter((name) => theirs.includes(name))]).toEqual([part, theirs.filter((name) => own.includes(name))])
    expect(own.filter((name) => theirs.includes(name)).length).toBeGreaterThan(2)
  }
})
