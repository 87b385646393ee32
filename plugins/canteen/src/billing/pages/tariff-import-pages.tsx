import { Choice, TextBody, Type, Upload } from '@liberacces/sdk'
import { writeCsv } from '@liberacces/sdk/csv'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { uploadedBytes, WHEN_FAULTY, writeReport } from '../../imports/import-report.ts'
import { registerReport } from '../../imports/report-pages.tsx'
import { decimalEuros } from '../../payments/euros.ts'
import { allRegies } from '../store/regies.ts'
import { allTariffs, saveTariff } from '../store/tariffs.ts'
import { COLUMNS, MOST_LINES, planTariffImport, type ImportFacts, type ImportProblem } from '../tariff-import.ts'
import { allBilledThrough } from '../tariff-lock.ts'
import { faultInWords } from './fault-in-words.ts'

const HOME = '/gestion/facturation/tarifs'

/** Tariffs from a file, all or the good ones as chosen, with a report of every faulty line; and the same tariffs as a file. */
export function registerTariffImport(k: CanteenRegistrar): void {
  const access = { audience: 'agent', permission: 'tariff.manage' } as const
  k.form({
    ...access, path: `${HOME}/importer`, title: 'billing.import.title', intro: 'billing.import.intro', submit: 'billing.import.submit',
    schema: Type.Object({ file: Upload({ accept: ['text/csv', 'text/plain'], maxBytes: 1_000_000 }), whenFaulty: Choice(WHEN_FAULTY) }),
  }, async (c, { file, whenFaulty }) => {
    const bytes = await uploadedBytes(c, file.id)
    await c.files.delete(file.id)
    const id = c.id()
    const counts = await c.transaction(async (tx) => {
      const { tariffs, problems } = planTariffImport(bytes, await importFacts({ db: tx }))
      const wanted = problems.length > 0 && whenFaulty === 'nothing' ? [] : tariffs
      for (const tariff of wanted) {
        await saveTariff(tx, {
          id: c.id(), regie_id: tariff.regieId, unit_id: tariff.unitId, name: tariff.name, first_day: tariff.firstDay, last_day: tariff.lastDay, rules: tariff.rules,
          siblings_counted: 'registered', account: tariff.account, childcare: tariff.childcare ? 1 : 0,
        })
      }
      await writeReport(c, tx, id, 'tariffs', { imported: wanted.length, problems: problems.map((problem) => ({ line: problem.line, text: problemInWords(c, problem) })) })
      return { imported: wanted.length, problems: problems.length }
    })
    await c.audit('tariffs.imported', id, counts)
    return c.redirect(`${HOME}/importer/${id}`)
  }, async () => ({ whenFaulty: 'nothing' as const }))

  registerReport(k, { kind: 'tariffs', path: `${HOME}/importer`, permission: access.permission, crumbs: (c) => [{ label: c.t('billing.title'), href: c.url('/gestion/facturation') }, { label: c.t('billing.tariffs'), href: c.url(HOME) }] })

  k.route({ ...access, permission: 'billing.read', method: 'GET', path: `${HOME}/export.csv`, summary: 'Tariffs with a price for each tier, as the import reads them (CSV)', response: { 200: TextBody('text/csv') } }, async (c) => {
    const { units, regies } = await importFacts(c)
    // As the import reads it: by the identifier where a name is not the only one.
    const isAlone = (name: string): boolean => units.filter((other) => other.name.toLocaleLowerCase('fr') === name.toLocaleLowerCase('fr')).length === 1
    const [unitOf, regieOf] = [new Map(units.map(({ id, name }) => [id, isAlone(name) ? name : id])), new Map(regies.map(({ id, number }) => [id, number]))]
    const comma = (cents: number): string => decimalEuros(cents).replace('.', ',')
    const rows = (await allTariffs(c.db)).flatMap(({ rules, ...tariff }) => {
      const { price } = rules
      return price.kind !== 'fixed' ? [] : rules.tiers.map(({ name, from, to }, index) => [
        unitOf.get(tariff.unit_id) ?? tariff.unit_id, tariff.name, String(regieOf.get(tariff.regie_id) ?? ''), tariff.first_day, tariff.last_day ?? '', name, String(from), to === null ? '' : String(to),
        comma(price.cents.resident[index] ?? 0), comma(price.cents.other[index] ?? 0), tariff.account, tariff.childcare === 1 ? 'oui' : 'non',
      ])
    })
    await c.audit('tariffs.exported', 'tariff', { count: rows.length })
    return c.reply(200, writeCsv(COLUMNS, rows), { 'content-disposition': 'attachment; filename="tarifs.csv"' })
  })
}

async function importFacts(c: Pick<CanteenContext, 'db'>): Promise<ImportFacts> {
  const units = await c.db.selectFrom('unit').select(['id', 'name']).orderBy('id').execute()
  const billed = await allBilledThrough(c.db)
  const regies = (await allRegies(c.db)).map(({ id, number }) => ({ id, number, billed: billed.get(id) }))
  const tariffs = (await allTariffs(c.db)).map((row) => ({ unitId: row.unit_id, name: row.name, firstDay: row.first_day, lastDay: row.last_day }))
  return { units, regies, tariffs }
}

function problemInWords(c: CanteenContext, problem: ImportProblem): string {
  switch (problem.kind) {
    case 'fault': return faultInWords(c, problem.fault)
    case 'columns': return c.t('billing.import.columns', { names: COLUMNS.join(' ; ') })
    case 'size': return c.t('billing.import.size', { most: MOST_LINES })
    case 'csv': return c.t('billing.import.csv')
    default: return c.t(`billing.import.${problem.kind}`, { value: problem.value })
  }
}
