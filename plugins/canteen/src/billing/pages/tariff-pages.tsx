import { addDays, Type } from '@liberacces/sdk'
import { dateWords } from '../../booking/words/day-words.ts'
import { Badge, ButtonLink, DataTable, Notice, Page, SearchForm, Section } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { explainPrice } from '../../tariffs/explain-price.ts'
import { priceOf, type PricedFacts } from '../../tariffs/price.ts'
import { readTariffForm, TariffForm, type TariffReading } from '../../tariffs/tariff-text.ts'
import { allRegies } from '../store/regies.ts'
import { allTariffs, overlappingTariff, saveTariff, type StoredTariff } from '../store/tariffs.ts'
import { billedThrough, endLock, tariffLock } from '../tariff-lock.ts'
import { typedTariff } from '../typed-tariff.ts'
import { faultInWords } from './fault-in-words.ts'

const HOME = '/gestion/facturation/tarifs'
const EndForm = Type.Object({ lastDay: Type.String({ format: 'date' }) })

/** Tariffs by unit and date, their editor, and what somebody would pay by one. */
export function registerTariffPages(k: CanteenRegistrar): void {
  k.page({ path: HOME, audience: 'agent', permission: 'billing.read', title: 'billing.tariffs' }, async (c) => {
    const units = await c.db.selectFrom('unit').innerJoin('activity', 'activity.id', 'activity_id').select(['unit.id', 'unit.name', 'activity.name as activity']).where('archived', '=', 0).orderBy('activity.name').orderBy('position').execute()
    const tariffs = Map.groupBy(await allTariffs(c.db), ({ unit_id: unit }) => unit)
    const manages = c.actor.can('tariff.manage')
    return (
      <Page title={c.t('billing.tariffs')} breadcrumb={[{ label: c.t('billing.title'), href: c.url('/gestion/facturation') }]}
        actions={<>
          <ButtonLink href={c.url(`${HOME}/famille`)}>{c.t('billing.family-price')}</ButtonLink>
          {manages && <ButtonLink href={c.url(`${HOME}/importer`)}>{c.t('billing.import.title')}</ButtonLink>}
          <ButtonLink href={c.url(`${HOME}/export.csv`)}>{c.t('billing.export.tariffs')}</ButtonLink>
        </>}>
        {units.length === 0 && <p>{c.t('billing.no-unit')}</p>}
        {units.map((unit) => (
          <Section key={unit.id} title={`${unit.activity}, ${unit.name}`} actions={manages && <ButtonLink href={c.url(`${HOME}/unites/${unit.id}/ajouter`)} subject={unit.name}>{c.t('billing.tariff.add')}</ButtonLink>}>
            <DataTable caption={`${unit.activity}, ${unit.name}`} rows={tariffs.get(unit.id) ?? []} rowKey={({ id }) => id} empty={c.t('billing.no-tariff')} columns={[
              { key: 'name', header: c.t('field.tariffName'), cell: ({ id, name }) => <a href={c.url(`${HOME}/${id}`)}>{name}</a> },
              { key: 'period', header: c.t('billing.period'), cell: (row) => period(c, row) },
              { key: 'kind', header: c.t('field.priceKind'), cell: ({ rules }) => c.t(`field.priceKind.${rules.price.kind}`) },
              { key: 'state', header: c.t('billing.state'), cell: (row) => (row.first_day <= c.today() && (row.last_day === null || row.last_day >= c.today()) ? <Badge kind="success">{c.t('billing.in-force')}</Badge> : '') },
            ]} />
          </Section>
        ))}
      </Page>
    )
  })

  const access = { audience: 'agent', permission: 'tariff.manage', schema: TariffForm } as const
  k.form({ ...access, path: `${HOME}/unites/:unit/ajouter`, title: 'billing.tariff.add', intro: 'billing.tariff.intro' }, async (c, data, { params }) => {
    const unit = await c.db.selectFrom('unit').select('id').where('id', '=', params['unit'] ?? '').executeTakeFirst()
    if (unit === undefined) return c.notFound()
    const problems = await save(c, c.id(), unit.id, data)
    return problems === undefined ? c.redirect(HOME, 'billing.notice.saved') : c.invalid(problems)
  }, async (c, { params }) => ((await c.db.selectFrom('unit').select('id').where('id', '=', params['unit'] ?? '').executeTakeFirst()) === undefined ? undefined : { validFrom: c.today(), regieNumber: 1, priceKind: 'fixed' as const, stepMinutes: '15' as const, graceMinutes: 0, otherMore: 0, siblingsCounted: 'registered' as const, latePenalty: 'none' as const, unbookedPenalty: 'none' as const, justifiedPercent: 0, unjustifiedPercent: 100 }))

  k.form({ ...access, path: `${HOME}/:id/modifier`, title: 'billing.tariff.edit', intro: 'billing.tariff.intro' }, async (c, data, { params }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return c.notFound()
    const problems = await save(c, tariff.id, tariff.unit_id, data, { edited: tariff })
    return problems === undefined ? c.redirect(`${HOME}/${tariff.id}`, 'billing.notice.saved') : c.invalid(problems)
  }, async (c, { params }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return undefined
    const regie = (await allRegies(c.db)).find(({ id }) => id === tariff.regie_id)
    return typedTariff(tariff, regie?.number ?? 1)
  })

  k.form({ ...access, path: `${HOME}/:id/remplacer`, title: 'billing.tariff.replace', intro: 'billing.tariff.replace.intro' }, async (c, data, { params }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return c.notFound()
    const id = c.id()
    const problems = await save(c, id, tariff.unit_id, data, { replaced: tariff })
    return problems === undefined ? c.redirect(`${HOME}/${id}`, 'billing.notice.saved') : c.invalid(problems)
  }, async (c, { params }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return undefined
    const regie = (await allRegies(c.db)).find(({ id }) => id === tariff.regie_id)
    const { validTo: _last, ...typed } = typedTariff(tariff, regie?.number ?? 1)
    return { ...typed, validFrom: c.today() }
  })

  k.form({ audience: 'agent', permission: 'tariff.manage', path: `${HOME}/:id/cloturer`, title: 'billing.tariff.end', intro: 'billing.tariff.end.intro', schema: EndForm }, async (c, { lastDay }, { params }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return c.notFound()
    if (lastDay < tariff.first_day) return c.invalid({ lastDay: c.t('billing.problem.period') })
    const problem = await c.transaction(async (tx) => {
      const lock = endLock(await billedThrough(tx, tariff.regie_id), tariff.first_day, lastDay, tariff.last_day)
      if (lock !== undefined) return c.t(`billing.locked.${lock}`)
      const other = await overlappingTariff(tx, { ids: [tariff.id], unitId: tariff.unit_id, firstDay: tariff.first_day, lastDay })
      if (other !== undefined) return c.t('billing.problem.overlap', { name: other.name, from: c.format.date(other.first_day) })
      await tx.updateTable('tariff').set({ last_day: lastDay }).where('id', '=', tariff.id).execute()
      return undefined
    })
    if (problem !== undefined) return c.invalid({ lastDay: problem })
    await c.audit('tariff.ended', tariff.id, { lastDay })
    return c.redirect(`${HOME}/${tariff.id}`, 'billing.notice.saved')
  }, async (c, { params }) => ((await allTariffs(c.db)).some(({ id }) => id === params['id']) ? { lastDay: c.today() } : undefined))

  k.page({ path: `${HOME}/:id`, audience: 'agent', permission: 'billing.read', title: 'billing.tariff', query: Type.Object({ q: Type.Optional(Type.String({ maxLength: 10 })) }) }, async (c, { params, query }) => {
    const tariff = (await allTariffs(c.db)).find(({ id }) => id === params['id'])
    if (tariff === undefined) return c.notFound()
    const billed = await billedThrough(c.db, tariff.regie_id)
    const isFixed = billed !== undefined && tariff.first_day <= billed
    const quotient = /^\d{1,5}$/.test(query.q ?? '') ? Number(query.q) : undefined
    const facts: PricedFacts = { state: 'present', late: false, unbooked: false, absentDay: 0, quotient, resident: true, rank: 1, minutes: 60 }
    const cases: readonly (readonly [key: 'first' | 'second' | 'third' | 'other' | 'late' | 'unbooked' | 'justified' | 'unjustified', change: Partial<PricedFacts>])[] = [
      ['first', {}], ['second', { rank: 2 }], ['third', { rank: 3 }], ['other', { resident: false }], ['late', { late: true }], ['unbooked', { unbooked: true }],
      ['justified', { state: 'absent-justified', absentDay: 1 }], ['unjustified', { state: 'absent-unjustified', absentDay: 1 }],
    ]
    return c.page(tariff.name, (
      <Page title={tariff.name} intro={period(c, tariff)} breadcrumb={[{ label: c.t('billing.title'), href: c.url('/gestion/facturation') }, { label: c.t('billing.tariffs'), href: c.url(HOME) }]}
        actions={c.actor.can('tariff.manage') && <>
          {!isFixed && <ButtonLink href={c.url(`${HOME}/${tariff.id}/modifier`)}>{c.t('billing.edit')}</ButtonLink>}
          <ButtonLink href={c.url(`${HOME}/${tariff.id}/remplacer`)}>{c.t('billing.tariff.replace')}</ButtonLink>
          <ButtonLink href={c.url(`${HOME}/${tariff.id}/cloturer`)}>{c.t('billing.tariff.end')}</ButtonLink>
        </>}>
        {isFixed && <Notice kind="info" title={c.t('billing.tariff.fixed', { day: c.format.date(billed) })}>{c.t('billing.tariff.fixed.detail')}</Notice>}
        {tariff.rules.price.kind !== 'effort' && (
          <DataTable caption={c.t('billing.tiers')} rows={tariff.rules.tiers.map((tier, index) => ({ ...tier, index }))} rowKey={({ name }) => name} columns={[
            { key: 'name', header: c.t('billing.tier') }, { key: 'from', header: c.t('billing.tier.from'), numeric: true }, { key: 'to', header: c.t('billing.tier.to'), numeric: true, cell: ({ to }) => to ?? c.t('billing.tier.open') },
            { key: 'resident', header: c.t('tariff.part.resident'), numeric: true, cell: ({ index }) => c.format.money(centsOf(tariff, 'resident', index)) }, { key: 'other', header: c.t('tariff.part.other'), numeric: true, cell: ({ index }) => c.format.money(centsOf(tariff, 'other', index)) },
          ]} />
        )}
        <Section title={c.t('billing.preview')}>
          <SearchForm action={c.url(`${HOME}/${tariff.id}`)} name="q" label={c.t('billing.preview.quotient')} value={query.q ?? ''} />
          <DataTable caption={c.t('billing.preview')} rows={cases.map(([key, change]) => ({ key, price: priceOf(tariff.rules, { ...facts, ...change }) }))} rowKey={({ key }) => key} columns={[
            { key: 'key', header: c.t('billing.preview.case'), cell: ({ key }) => c.t(`billing.preview.${key}`) }, { key: 'why', header: c.t('billing.column.why'), cell: ({ price }) => explainPrice(c, price) },
          ]} />
        </Section>
      </Page>
    ))
  })
}

function centsOf({ rules }: StoredTariff, who: 'resident' | 'other', index: number): number {
  return rules.price.kind === 'effort' ? 0 : rules.price.cents[who][index] ?? 0
}

function period(c: CanteenContext, { first_day: from, last_day: to }: Pick<StoredTariff, 'first_day' | 'last_day'>): string {
  return to === null ? c.t('billing.since', { from: dateWords(from, c.locale) }) : c.t('billing.from-to', { from: dateWords(from, c.locale), to: dateWords(to, c.locale) })
}

/** Stores a tariff if nothing is wrong with it, in the place of the one that it edits, or from a day on of one that it replaces; else says all that is wrong. */
async function save(c: CanteenContext, id: string, unitId: string, data: TariffForm, { edited, replaced }: { readonly edited?: StoredTariff; readonly replaced?: StoredTariff } = {}): Promise<{ readonly [Field in keyof TariffForm]?: string } | undefined> {
  const reading = readTariffForm(data)
  // Looked at and stored within one transaction: a campaign that is validated meanwhile counts.
  const problems = await c.transaction(async (tx) => {
    const regie = (await allRegies(tx)).find(({ number }) => number === data.regieNumber)
    const lastDay = (data.validTo ?? '') === '' ? null : data.validTo ?? null
    const found: { [Field in keyof TariffForm]?: string } = reading.ok ? {} : tariffProblems(c, reading)
    if (regie === undefined) found.regieNumber = c.t('billing.problem.regie')
    if (lastDay !== null && lastDay < data.validFrom) found.validTo = c.t('billing.problem.period')
    else if (replaced !== undefined && data.validFrom <= replaced.first_day) found.validFrom = c.t('billing.problem.replace', { from: c.format.date(replaced.first_day) })
    else {
      const other = await overlappingTariff(tx, { ids: [id, ...(replaced === undefined ? [] : [replaced.id])], unitId, firstDay: data.validFrom, lastDay })
      if (other !== undefined) found.validFrom = c.t('billing.problem.overlap', { name: other.name, from: c.format.date(other.first_day) })
    }
    for (const regieId of new Set([regie?.id, edited?.regie_id, replaced?.regie_id])) {
      const lock = regieId === undefined ? undefined : tariffLock(await billedThrough(tx, regieId), edited === undefined ? undefined : { firstDay: edited.first_day }, data.validFrom)
      if (lock !== undefined) found.validFrom = c.t(`billing.locked.${lock}`)
    }
    if (!reading.ok || regie === undefined || Object.keys(found).length > 0) return found
    if (replaced !== undefined && (replaced.last_day === null || replaced.last_day >= data.validFrom)) await tx.updateTable('tariff').set({ last_day: addDays(data.validFrom, -1) }).where('id', '=', replaced.id).execute()
    await saveTariff(tx, { id, regie_id: regie.id, unit_id: unitId, name: data.tariffName, first_day: data.validFrom, last_day: lastDay, rules: reading.rules, siblings_counted: data.siblingsCounted, account: data.account ?? '', childcare: data.childcare === true ? 1 : 0 })
    return undefined
  })
  if (problems === undefined) await c.audit('tariff.saved', id)
  return problems
}

/** What is wrong with a typed tariff, in words, by field. */
function tariffProblems(c: CanteenContext, { fields, lines, faults }: Extract<TariffReading, { ok: false }>): { [Field in keyof TariffForm]?: string } {
  const problems: { [Field in keyof TariffForm]?: string } = {}
  for (const [field, problem] of Object.entries(fields) as [keyof TariffForm, 'amount' | 'percent' | 'tiers' | 'siblings'][]) problems[field] = c.t(`billing.problem.${problem}`, { lines: lines.join(', ') })
  if (faults.length > 0) problems.tiers = [problems.tiers, ...faults.map((fault) => faultInWords(c, fault))].filter((text) => text !== undefined).join(' ')
  return problems
}
