import { expect, test } from 'vitest'
import { planChildrenImport, type ImportSituation } from '../src/csv/children-import.ts'
import { writeChildrenCsv } from '../src/csv/children-export.ts'
import { readCsv } from '@liberacces/sdk/csv'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const situation: ImportSituation = {
  today: '2026-03-02', classes: [{ id: 'c1', name: 'CP', schoolName: 'École Jules-Ferry' }], children: [{ firstName: 'Léa', lastName: 'Petit', birthDay: '2019-05-04' }],
}
const HEADER = 'Foyer;Nom de l’enfant;Prénom de l’enfant;Date de naissance;École;Classe;Nom du responsable 1;Prénom du responsable 1;Courriel du responsable 1;Quotient familial;Mois du quotient'

test('lines of one household come together, and a quotient of 0 is one', () => {
  const plan = planChildrenImport(utf8([HEADER, '1;Roy;Zoé;29/02/2020;ecole jules ferry;cp;Roy;Anne;anne@exemple.fr;0;2026-01', '1;Roy;Tom;2017-01-31;;;Roy;Anne;;;', '2;Roy;Zoé;2018-01-01;;;Roy;Luc;;;'].join('\n')), situation)
  expect(plan.problems).toEqual([])
  expect(plan.households).toMatchObject([
    { guardians: [{ firstName: 'Anne', email: 'anne@exemple.fr' }], quotient: { value: 0, month: '2026-01' }, children: [{ firstName: 'Zoé', birthDay: '2020-02-29', classId: 'c1' }, { firstName: 'Tom', classId: undefined }] },
    { guardians: [{ firstName: 'Luc' }], quotient: undefined, children: [{ firstName: 'Zoé' }] },
  ])
})

test('every faulty line is told with column and reason, the good ones are still there to choose', () => {
  const plan = planChildrenImport(utf8([
    HEADER,
    '1;Roy;Zoé;29/02/2021;Plage;CP;Roy;Anne;anne;-5;2026-13',
    '2;Petit;Léa;04/05/2019;;;Petit;Luc;;;',
    '3;Roy;Tom;2027-01-01;École Jules-Ferry;CM9;Roy;Anne;;;',
    '4;Roy;Zoé;2018-01-01;;;Roy;;;;',
    '5;Bon;Ève;2018-01-01;;;Bon;Marc;;;',
    '6;Bon;Ève;2018-01-01;;;Bon;Marc;;;',
  ].join('\n')), situation)
  expect(plan.households.map(({ children }) => children.map(({ firstName }) => firstName))).toEqual([['Ève']])
  expect(plan.problems.map(({ line, column, problem }) => `${line} ${column} ${problem}`)).toEqual([
    '2 Date de naissance day', '2 Courriel du responsable 1 email', '2 Quotient familial quotient', '2 Mois du quotient month',
    '3  known-child',
    '4 Date de naissance future', '4 Classe unknown-class',
    '5 Prénom du responsable 1 required',
    '7  known-child',
  ])
})

test.each([
  ['Foyer;Nom de l’enfant;Couleur', ['unknown-column', 'missing-column', 'missing-column', 'missing-column', 'missing-column']],
  [HEADER, ['empty-file']],
  [`${HEADER}\n1;"Roy;Zoé`, ['csv-syntax']],
  [`${HEADER}${'\n1;Roy;Zoé;2019-01-01;;;Roy;Anne;;;'.repeat(1_501)}`, ['too-many-lines']],
])('%#: what is wrong with the file as a whole', (file, problems) => {
  expect(planChildrenImport(utf8(file), situation)).toMatchObject({ households: [], problems: problems.map((problem) => ({ problem })) })
})

test('what is exported can be imported, and no cell of it is a formula', () => {
  const child = { id: 'k1', householdId: 'h1', firstName: '=1+1', lastName: "-d'Aubigné; \"x\"", birthDay: '2019-01-01', schoolId: 's1', classId: 'c1', className: 'CP' }
  const csv = writeChildrenCsv([{ id: 'h1', name: '@Roy', resident: false, guardians: [{ id: 'g1', firstName: 'Anne', lastName: '+Roy', phone: '+33 6 39 98 00 01' }], children: [child] }], {
    schoolNames: new Map([['s1', 'École Jules-Ferry']]), addresses: new Map([['h1', { address: '\t1 rue', postcode: '17440', town: 'Aytré' }]]), ownAddresses: new Map([['g1', { address: '=2 quai\nBâtiment B', postcode: '17000', town: 'La Rochelle' }]]), quotients: new Map([['h1', { value: 0, month: '2026-01' }]]),
  })
  expect(csv.split(/[;\r\n]+/).filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([])
  expect(readCsv(utf8(csv)).ok).toBe(true)
  expect(planChildrenImport(utf8(csv), situation)).toMatchObject({ problems: [], households: [{ household: { resident: false, postcode: '17440' }, guardians: [{ lastName: '+Roy', phone: '+33 6 39 98 00 01', address: '=2 quai\nBâtiment B', postcode: '17000', town: 'La Rochelle' }], quotient: { value: 0 }, children: [{ firstName: '=1+1', lastName: "-d'Aubigné; \"x\"", classId: 'c1' }] }] })
})

test('a payer who lives apart has an address of three parts, or the household’s', () => {
  const header = 'Foyer;Nom de l’enfant;Prénom de l’enfant;Date de naissance;Nom du responsable 1;Prénom du responsable 1;Nom du responsable 2;Prénom du responsable 2;Adresse du responsable 2;Code postal du responsable 2;Commune du responsable 2'
  const plan = planChildrenImport(utf8([header, '1;Roy;Zoé;2019-01-01;Roy;Anne;Petit;Paul;2 quai Valin;17000;La Rochelle', '2;Roy;Tom;2019-01-01;Roy;Anne;Petit;Luc;2 quai Valin;;La Rochelle', '3;Roy;Ève;2019-01-01;Roy;Anne;Petit;Jean;;1700;'].join('\n')), situation)
  expect(plan.households.map(({ guardians }) => guardians)).toMatchObject([[{ firstName: 'Anne' }, { firstName: 'Paul', address: '2 quai Valin', postcode: '17000', town: 'La Rochelle' }]])
  expect(plan.households[0]?.guardians[0]).not.toHaveProperty('address')
  expect(plan.problems.map(({ line, column, problem }) => `${line} ${column} ${problem}`)).toEqual(['3 Code postal du responsable 2 whole-address', '4 Code postal du responsable 2 postcode', '4 Adresse du responsable 2 whole-address'])
})
