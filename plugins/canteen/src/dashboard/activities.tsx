import { Families } from '@liberacces/plugin-families/contract'
import { Choice, Type, type Static } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import { parseRules, type Rules } from '../booking/deadlines/rules.ts'
import { readUnits } from '../booking/engine/situation.ts'
import { ACTIVITY_KINDS } from '../booking/tables.ts'
import { dayWords } from '../booking/words/day-words.ts'
import { limitWords } from '../booking/words/refusal-words.ts'
import type { CanteenContext, CanteenRegistrar, CanteenTransaction } from '../canteen-types.ts'
import { unitWords } from './units.ts'
import { fieldsOfRules, RuleFields, rulesOfFields } from './rule-fields.ts'

const Fields = Type.Object({
  name: Type.String({ minLength: 2, maxLength: 120 }), kind: Choice(ACTIVITY_KINDS), firstDay: Type.String({ format: 'date' }), lastDay: Type.String({ format: 'date' }),
  schools: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50, default: [] }),
  ...RuleFields, approvedByAgent: Type.Boolean(),
})
/** What a form says, checked: fields that are wrong, or what to store. */
async function checked(c: CanteenContext, data: Static<typeof Fields>): Promise<{ readonly faults: Readonly<Record<string, string>> } | { readonly faults: undefined; readonly rules: Rules; readonly schoolIds: readonly string[] }> {
  if (data.lastDay < data.firstDay) return { faults: { lastDay: c.t('booking.error.day-order') } }
  const known = await c.use(Families).schools({})
  const schoolIds = data.schools.map((text) => known.find(({ name, id }) => id === text || name.toLocaleLowerCase('fr') === text.toLocaleLowerCase('fr'))?.id)
  if (schoolIds.includes(undefined)) return { faults: { schools: c.t('booking.error.school', { names: known.map(({ name }) => name).join(', ') }) } }
  const ids = [...new Set(schoolIds.filter((id) => id !== undefined))]
  // What the fields cannot say, such as limits of its own for cancelling.
  if (data.rulesJson !== undefined) {
    try {
      return { faults: undefined, rules: parseRules(data.rulesJson), schoolIds: ids }
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
      return { faults: { rulesJson: c.t('booking.error.rules', { reason: error.message }) } }
    }
  }
  const rules = rulesOfFields(data)
  return 'missing' in rules ? { faults: { [rules.missing]: c.t(rules.missing === 'cancelNumber' ? 'booking.error.cancel-missing' : 'booking.error.limit-missing') } } : { faults: undefined, rules, schoolIds: ids }
}

async function setSchools(tx: CanteenTransaction, activityId: string, schoolIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('activity_school').where('activity_id', '=', activityId).execute()
  for (const schoolId of schoolIds) await tx.insertInto('activity_school').values({ activity_id: activityId, school_id: schoolId }).execute()
}

/** Activities with their rules, and what is booked of them. */
export function registerActivities(k: CanteenRegistrar): void {
  k.page({ path: '/gestion/activites', audience: 'agent', permission: 'activity.manage', title: 'booking.activities.title' }, async (c) => {
    const units = [...(await readUnits(c.db)).values()]
    const used = new Set([...await c.db.selectFrom('booking_log').select('unit_id').distinct().execute(), ...await c.db.selectFrom('booking').select('unit_id').distinct().execute(), ...await c.db.selectFrom('tariff').select('unit_id').distinct().execute()].map((row) => row.unit_id))
    const activities = await c.db.selectFrom('activity').selectAll().orderBy('archived').orderBy('name').orderBy('id').execute()
    return (
      <Page title={c.t('booking.activities.title')} breadcrumb={[{ label: c.t('booking.dashboard.title'), href: c.url('/gestion') }]} actions={<ButtonLink kind="primary" href={c.url('/gestion/activites/ajouter')}>{c.t('booking.activities.add')}</ButtonLink>}>
        <DataTable caption={c.t('booking.activities.title')} rows={activities} rowKey={({ id }) => id} columns={[
          { key: 'name', header: c.t('booking.column.activity') },
          { key: 'kind', header: c.t('field.kind'), cell: ({ kind }) => c.t(`field.kind.${kind}`) },
          { key: 'period', header: c.t('booking.column.period'), cell: ({ first_day, last_day }) => `${dayWords(first_day, c.locale)} – ${dayWords(last_day, c.locale)}` },
          { key: 'rules', header: c.t('booking.column.rules'), cell: ({ rules }) => parseRules(rules).add.map(({ limit }) => limitWords(c, limit)).join(' ; ') },
          { key: 'units', header: c.t('booking.column.unit'), cell: ({ id }) => units.filter(({ activity }) => activity.id === id).map((unit) => <p key={unit.id}><a href={c.url(`/gestion/prestations/${unit.id}/modifier`)}>{unit.name}</a> {unitWords(c, unit)}{!used.has(unit.id) && <ActionButton action={c.url(`/gestion/prestations/${unit.id}/supprimer`)} label={c.t('booking.units.delete')} subject={unit.name} confirm={c.t('booking.units.delete.confirm')} />}</p>) },
          { key: 'more', header: c.t('booking.column.action'), cell: ({ id, name, archived }) => (archived === 1
            ? <Actions><Badge kind="neutral">{c.t('booking.activities.archived')}</Badge><ActionButton action={c.url(`/gestion/activites/${id}/retablir`)} label={c.t('booking.activities.restore')} subject={name} /></Actions>
            : <Actions>
              <ButtonLink href={c.url(`/gestion/activites/${id}/modifier`)} subject={name}>{c.t('booking.activities.change')}</ButtonLink>
              <ButtonLink href={c.url(`/gestion/activites/${id}/unites/ajouter`)} subject={name}>{c.t('booking.units.add')}</ButtonLink>
              <ActionButton action={c.url(`/gestion/activites/${id}/archiver`)} label={c.t('booking.activities.archive')} subject={name} confirm={c.t('booking.activities.archive.confirm')} />
            </Actions>) },
        ]} />
      </Page>
    )
  })

  k.form({ path: '/gestion/activites/ajouter', audience: 'agent', permission: 'activity.manage', title: 'booking.activities.add', schema: Fields }, async (c, data) => {
    const found = await checked(c, data)
    if (found.faults !== undefined) return c.invalid(found.faults)
    const id = c.id()
    await c.transaction(async (tx) => {
      await tx.insertInto('activity').values({ id, name: data.name, kind: data.kind, first_day: data.firstDay, last_day: data.lastDay, rules: JSON.stringify(found.rules), approved_by_agent: data.approvedByAgent ? 1 : 0, archived: 0 }).execute()
      await setSchools(tx, id, found.schoolIds)
    })
    await c.audit('activity.created', id, { name: data.name })
    return c.redirect('/gestion/activites', 'booking.notice.saved')
  }, async (c): Promise<Partial<Static<typeof Fields>>> => ({ kind: 'canteen', firstDay: `${Number(c.today().slice(0, 4)) - (c.today().slice(5) < '08-01' ? 1 : 0)}-09-01`, openOn: ['school'], schools: [], limitKind: 'days-before', limitNumber: 1, limitAt: '10:00', skipWeekends: true, cancel: 'same', late: 'refused', waitingList: true, offerHours: 24 }))

  k.form({ path: '/gestion/activites/:id/modifier', audience: 'agent', permission: 'activity.manage', title: 'booking.activities.edit', intro: 'booking.activities.edit.intro', schema: Fields }, async (c, data, { params }) => {
    const id = params['id'] ?? ''
    const found = await checked(c, data)
    if (found.faults !== undefined) return c.invalid(found.faults)
    const changed = await c.transaction(async (tx) => {
      const { numUpdatedRows } = await tx.updateTable('activity').set({ name: data.name, kind: data.kind, first_day: data.firstDay, last_day: data.lastDay, rules: JSON.stringify(found.rules), approved_by_agent: data.approvedByAgent ? 1 : 0 }).where('id', '=', id).executeTakeFirstOrThrow()
      if (Number(numUpdatedRows) > 0) await setSchools(tx, id, found.schoolIds)
      return Number(numUpdatedRows) > 0
    })
    if (!changed) return c.notFound()
    await c.audit('activity.changed', id, { name: data.name })
    return c.redirect('/gestion/activites', 'booking.notice.saved')
  }, async (c, { params }): Promise<Partial<Static<typeof Fields>> | undefined> => {
    const row = await c.db.selectFrom('activity').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (row === undefined) return undefined
    const schoolIds = new Set((await c.db.selectFrom('activity_school').select('school_id').where('activity_id', '=', row.id).execute()).map(({ school_id: schoolId }) => schoolId))
    const names = (await c.use(Families).schools({})).filter(({ id }) => schoolIds.has(id)).map(({ name }) => name)
    return { name: row.name, kind: row.kind, firstDay: row.first_day, lastDay: row.last_day, schools: names, approvedByAgent: row.approved_by_agent === 1, ...fieldsOfRules(parseRules(row.rules)) }
  })

  for (const [path, archived] of [['archiver', 1], ['retablir', 0]] as const) {
    k.action({ path: `/gestion/activites/:id/${path}`, audience: 'agent', permission: 'activity.manage' }, async (c, { params }) => {
      const id = params['id'] ?? ''
      const { numUpdatedRows } = await c.db.updateTable('activity').set({ archived }).where('id', '=', id).where('archived', '!=', archived).executeTakeFirstOrThrow()
      if (Number(numUpdatedRows) === 0) return c.notFound()
      await c.audit(archived === 1 ? 'activity.archived' : 'activity.restored', id)
      return c.redirect('/gestion/activites', 'booking.notice.saved')
    })
  }
}
