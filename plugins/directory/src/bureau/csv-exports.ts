import { TextBody } from '@liberacces/sdk'
import { writeAssociationsCsv } from '../associations-csv.ts'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { writePeopleCsv } from '../people-csv.ts'
import { associationFromRow } from '../store/associations.ts'
import { allPeople, today } from '../store/people.ts'

/** The lists as files for a spreadsheet, with internal parts. Every download is in the audit trail. */
export function registerCsvExports(k: DirectoryRegistrar): void {
  const access = { method: 'GET', audience: 'agent', permission: 'entry.export', response: { 200: TextBody('text/csv') } } as const
  const attachment = (name: string) => ({ 'content-disposition': `attachment; filename="${name}"` })

  k.route({ ...access, path: '/gestion/export/personnes.csv', summary: 'Élus et agents, parties internes comprises (CSV)' }, async (c) => {
    const people = await allPeople(c.db)
    await c.audit('people.exported', 'person', { count: people.length })
    return c.reply(200, writePeopleCsv(people, today(c)), attachment(`annuaire-${today(c)}.csv`))
  })

  k.route({ ...access, path: '/gestion/export/associations.csv', summary: 'Associations, contacts internes compris (CSV)' }, async (c) => {
    const associations = (await c.db.selectFrom('association').selectAll().orderBy('sort_key').execute()).map(associationFromRow)
    await c.audit('associations.exported', 'association', { count: associations.length })
    return c.reply(200, writeAssociationsCsv(associations), attachment(`associations-${today(c)}.csv`))
  })
}
