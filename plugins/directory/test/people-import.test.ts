import { asDay } from '@liberacces/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OFFICES, type Mandate } from '../src/mandate.ts'
import { wordMeaning, OFFICE_WORDS, writePeopleCsv, KIND_WORDS } from '../src/people-csv.ts'
import { planPeopleImport, type ImportSituation, type KnownPerson } from '../src/people-import.ts'
import { checkPerson, type Person } from '../src/person.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const anne: Person = {
  kind: 'agent', firstName: 'Anne', lastName: 'Le Goff', role: 'Archiviste', serviceId: 's1', email: 'anne@mairie.example', emailPublic: true,
  phone: '05 36 49 12 34', phonePublic: false, internalPhone: '102', room: 'A101', accountId: 'account-1', listed: true,
}
const marc: Person = { ...anne, kind: 'elected', firstName: 'Marc', lastName: 'Texier', role: '', serviceId: undefined, email: undefined, accountId: undefined }
const mandate: Mandate & { id: string } = { id: 'm1', office: 'deputy', title: 'Adjoint aux sports', rank: 2, startsOn: asDay('2026-03-20'), lastDay: asDay('2032-03-31') }
const situation: ImportSituation = {
  people: [{ id: 'p1', person: anne, mandates: [] }, { id: 'p2', person: marc, mandates: [mandate] }],
  services: [{ id: 's1', name: 'Archives' }, { id: 's2', name: 'État civil' }],
}
const empty: ImportSituation = { people: [], services: situation.services }

describe('a file that is right', () => {
  test('brings new people, with the service found by its name', () => {
    const plan = planPeopleImport(utf8('Type;Nom;Prénom;Service;Courriel;Courriel public\nAgente;Roy;Zoé;etat civil;ZOE@mairie.example;oui'), empty)
    expect(plan).toMatchObject({ ok: true, changes: [{ id: undefined, mandate: undefined, person: { kind: 'agent', lastName: 'Roy', serviceId: 's2', email: 'zoe@mairie.example', emailPublic: true, listed: true } }] })
  })

  test('recognises people by e-mail address; columns it does not have leave what is there, empty cells empty it', () => {
    const plan = planPeopleImport(utf8('Type;Nom;Prénom;Courriel;Bureau\nAgent;Le Goff;Anna;Anne@Mairie.example;'), situation)
    expect(plan).toEqual({ ok: true, changes: [{ id: 'p1', mandate: undefined, person: { ...anne, firstName: 'Anna', room: undefined } }], unchanged: 0 })
  })

  test('recognises people without an address by identifier', () => {
    const plan = planPeopleImport(utf8('Identifiant;Type;Nom;Prénom;Courriel\np2;Élu;Texier;Marc;marc@mairie.example'), situation)
    expect(plan).toMatchObject({ ok: true, changes: [{ id: 'p2', person: { email: 'marc@mairie.example' } }] })
  })

  test('leaves people alone of whom it says nothing new', () => {
    const plan = planPeopleImport(utf8('Type;Nom;Prénom;Courriel;Poste interne\nAgent;Le Goff;Anne;anne@mairie.example;1 02'), situation)
    expect(plan).toEqual({ ok: true, changes: [], unchanged: 1 })
  })

  test('brings mandates, and recognises one by office and first day', () => {
    const header = 'Identifiant;Type;Nom;Prénom;Mandat;Intitulé du mandat;Début de mandat;Fin de mandat\n'
    const again = planPeopleImport(utf8(`${header}p2;Élu;Texier;Marc;Adjoint;Adjoint aux sports;20/03/2026;31/12/2026`), situation)
    expect(again).toMatchObject({ ok: true, changes: [{ mandate: { id: 'm1', value: { lastDay: '2026-12-31' } } }] })
    const other = planPeopleImport(utf8(`${header};Élue;Roy;Zoé;Conseillère déléguée;;2026-03-20;`), situation)
    expect(other).toMatchObject({ ok: true, changes: [{ id: undefined, mandate: { id: undefined, value: { office: 'delegate', title: 'Conseillère déléguée', lastDay: undefined } } }] })
  })
})

describe('a file that is wrong', () => {
  test('changes nothing and names every bad line with column and reason', () => {
    const file = [
      'Type;Nom;Prénom;Service;Courriel;Téléphone;Visible du public;Identifiant',
      'Agent;Roy;Zoé;Archives;zoe@mairie.example;;;',
      'Stagiaire;;Luc;Plage;luc;12;peut-être;',
      'Agent;Fine;Ève;;;;;inconnu',
      'Agent;Le Goff;Anne;;;;;',
      'Agent;Roy;Zoé;;zoe@mairie.example;;;',
    ].join('\n')
    expect(planPeopleImport(utf8(file), situation)).toEqual({
      ok: false,
      problems: [
        { line: 3, column: 'Type', problem: 'kind' },
        { line: 3, column: 'Service', problem: 'unknown-service' },
        { line: 3, column: 'Visible du public', problem: 'yes-no' },
        { line: 3, column: 'Nom', problem: 'required' },
        { line: 3, column: 'Courriel', problem: 'email' },
        { line: 3, column: 'Téléphone', problem: 'phone' },
        { line: 4, column: 'Identifiant', problem: 'unknown-id' },
        { line: 5, column: '', problem: 'namesake' },
        { line: 6, column: '', problem: 'twice-in-file' },
      ],
    })
  })

  test.each([
    ['Nom;Courriel;Couriel;Nom\n', [
      { line: 1, column: 'Couriel', problem: 'unknown-column' }, { line: 1, column: 'Nom', problem: 'twice-in-file' },
      { line: 1, column: 'Type', problem: 'missing-column' }, { line: 1, column: 'Prénom', problem: 'missing-column' },
    ]],
    ['Type;Nom;Prénom\n;;\n', [{ line: 1, column: '', problem: 'empty-file' }]],
    ['Type;Nom;Prénom\nAgent;"Roy;Zoé', [{ line: 2, column: '', problem: 'csv-syntax' }]],
    [`Type;Nom;Prénom${'\nAgent;Roy;Zoé'.repeat(2001)}`, [{ line: 2002, column: '', problem: 'too-many-lines' }]],
  ])('%#: what is wrong with the file as a whole', (file, problems) => {
    expect(planPeopleImport(utf8(file), empty)).toEqual({ ok: false, problems })
  })

  test('an address of someone else is refused', () => {
    const plan = planPeopleImport(utf8('Identifiant;Type;Nom;Prénom;Courriel\np2;Élu;Texier;Marc;anne@mairie.example'), situation)
    expect(plan).toEqual({ ok: false, problems: [{ line: 2, column: 'Courriel', problem: 'email-taken' }] })
  })

  test('a mandate for an agent, an unknown office, a mandate held already', () => {
    const header = 'Identifiant;Type;Nom;Prénom;Mandat;Intitulé du mandat;Début de mandat\n'
    const problems = ['p1;Agent;Le Goff;Anne;Maire;;2026-03-20', 'p2;Élu;Texier;Marc;Roi;;2026-03-20', 'p2;Élu;Texier;Marc;Adjoint;;2027-01-01']
      .map((line) => planPeopleImport(utf8(header + line), situation))
    expect(problems).toMatchObject([
      { problems: [{ column: 'Mandat', problem: 'mandate-of-agent' }] },
      { problems: [{ column: 'Mandat', problem: 'office' }] },
      { problems: [{ column: 'Début de mandat', problem: 'overlap' }] },
    ])
  })
})

test('words of the file are understood in either gender', () => {
  expect(['maire', 'ADJOINTE', 'conseillere deleguee', 'Présidente', 'vice présidente', 'administratrice', 'Conseillère'].map((word) => wordMeaning(OFFICE_WORDS, word))).toEqual([
    'mayor', 'deputy', 'delegate', 'president', 'vice-president', 'administrator', 'councillor',
  ])
  expect(['élue', 'Agente', 'autre', ''].map((word) => wordMeaning(KIND_WORDS, word))).toEqual(['elected', 'agent', undefined, undefined])
})

describe('export, then import', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', 'é', '=', '+', '-', "'", '"', ';', ',', ' ', '@'), maxLength: 15 })
  const person = fc
    .record({ kind: fc.constantFrom('elected' as const, 'agent' as const), firstName: text.map((value) => `a${value}`), lastName: text.map((value) => `${value}b`), role: text, room: text, flag: fc.boolean() })
    .map(({ flag, ...fields }) => checkPerson({ ...fields, serviceId: 's1', email: '', emailPublic: flag, phone: '+3221234567', phonePublic: !flag, internalPhone: '12', accountId: '', listed: flag }))
    .filter((result) => result.ok)
    .map((result) => result.value)
  const tidy = text.map((value) => value.trim().replace(/ +/g, ' ')).map((value) => `t${value}`.trim())
  const mandates = fc.option(fc.record({ office: fc.constantFrom(...OFFICES), title: tidy, rank: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }) }), { nil: undefined })

  test('changes nothing', () => {
    fc.assert(fc.property(fc.array(fc.tuple(person, mandates), { minLength: 1, maxLength: 5 }), (drawn) => {
      const people: KnownPerson[] = drawn.map(([drawnPerson, drawnMandate], index) => ({
        id: `p${index}`,
        person: drawnPerson,
        mandates: drawnMandate === undefined ? [] : [{ ...drawnMandate, id: `m${index}`, startsOn: asDay('2026-03-20'), lastDay: undefined }],
      }))
      const csv = writePeopleCsv(people.map((known) => ({ ...known, serviceName: 'Archives' })), asDay('2026-11-23'))
      const plan = planPeopleImport(utf8(csv), { people, services: situation.services })
      expect(plan).toEqual({ ok: true, changes: [], unchanged: people.length })
    }))
  })
})
