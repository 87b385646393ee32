import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardCell, readCsv, unguardCell, writeCsv } from '../src/csv/csv-table.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const hostile = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ';', ',', '\t', '\r', '\n', '＝', 'a', 'é', '1', ' '), maxLength: 12 })

describe('cells that a spreadsheet would run', () => {
  test.each(['=1+1', '+33 5', '-1+1', '-A1', '-1,', '@SUM(A1)', '\t=1', '\n=1', '＝1', "'=1"])('%j gets an apostrophe', (value) => {
    expect(guardCell(value)).toBe(`'${value}`)
  })

  test.each(['Le Goff', "L'Houmeau", '1+1', '-1', '-12,50', '-12.5', ''])('%j stays', (value) => {
    expect(guardCell(value)).toBe(value)
  })

  test('no guarded cell is a formula, and each gives back what went in', () => {
    fc.assert(fc.property(hostile, (value) => (/^-\d+(?:[.,]\d+)?$/.test(value) || !/^[=+\-@\t\r\n＝＋－＠]/.test(guardCell(value))) && unguardCell(guardCell(value)) === value))
  })
})

describe('reading CSV', () => {
  test.each([
    ['semicolons', utf8('Nom;Prénom\nLe Goff;Anne')],
    ['commas', utf8('Nom,Prénom\r\nLe Goff,Anne\r\n')],
    ['a byte order mark', utf8('\uFEFFNom;Prénom\nLe Goff;Anne')],
    ['Windows-1252', Uint8Array.from(Buffer.from('Nom;Pr\u00e9nom\nLe Goff;Anne', 'latin1'))],
    ['old Macintosh line ends', utf8('Nom;Prénom\rLe Goff;Anne\r')],
  ])('with %s', (_, bytes) => {
    expect(readCsv(bytes)).toEqual({ ok: true, table: { header: ['Nom', 'Prénom'], rows: [{ line: 2, cells: ['Le Goff', 'Anne'] }] } })
  })

  test('Windows-1252 has letters that Latin-1 has not', () => {
    const bytes = Uint8Array.from([0x53, 0x9c, 0x75, 0x72, 0x20, 0x80, 0x92])
    expect(readCsv(bytes)).toMatchObject({ table: { header: ['Sœur €’'] } })
  })

  test('numbers lines as an editor does, past empty lines and cells of several lines', () => {
    const reading = readCsv(utf8('A;B\r\n1;2\r\n\r\n"x\r\ny";3\r\n;\r\n5;6'))
    expect(reading.ok && reading.table.rows.map(({ line }) => line)).toEqual([2, 4, 7])
  })

  test('names the line where the file stops being CSV', () => {
    expect(readCsv(utf8('A;B\n1;2\n"x;3\n4;5'))).toEqual({ ok: false, line: 3 })
    expect(readCsv(utf8('A;B\n"a\nb";2\n"x"y;3'))).toEqual({ ok: false, line: 4 })
  })

  test('a quote within a text that does not begin with one is a letter like others, as in spreadsheets', () => {
    expect(readCsv(utf8('A;B\nx"y;3'))).toMatchObject({ table: { rows: [{ cells: ['x"y', '3'] }] } })
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readCsv(bytes)
    }))
  })
})

describe('writing CSV', () => {
  test('Excel opens it: byte order mark, semicolons, CRLF', () => {
    expect(writeCsv(['Nom', 'Objet'], [['Le Goff', 'a;"b"'], ['=1', 'é']])).toBe('\uFEFFNom;Objet\r\nLe Goff;"a;""b"""\r\n\'=1;é\r\n')
  })

  test('a number below zero stays one', () => {
    expect(writeCsv(['Montant'], [[-2], ['-2,50'], ['-2+1']])).toBe("\uFEFFMontant\r\n-2\r\n-2,50\r\n'-2+1\r\n")
  })

  test('is read back as it was written, blanks around values aside', () => {
    fc.assert(fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1, maxLength: 6 }), (rows) => {
      const tidy = rows.map((row) => row.map((cell) => cell.replace(/\r\n?/g, '\n').trim()))
      const written = writeCsv(['A', 'B'], tidy)
      const reading = readCsv(utf8(written))
      expect(reading.ok && reading.table.rows.map(({ cells }) => cells)).toEqual(tidy.filter((row) => row.some((cell) => cell !== '')))
    }))
  })
})
