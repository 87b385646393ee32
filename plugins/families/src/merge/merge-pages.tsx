import { searchWords, Type } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, Notice, Page, SearchForm, Section } from '@liberacces/sdk/ui'
import { bureauCrumbs } from '../bureau/shell.tsx'
import { addressLine } from '../domain/address-line.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { householdCards } from '../store/cards.ts'
import { likelyTwins } from './likely-twins.ts'
import type { Match } from './match.ts'
import { mergeHouseholds, previewMerge } from './merge-households.ts'
import type { MergeConflict, MergePlan } from './merge-plan.ts'
import type { MergeSide } from './merge-side.ts'

const MOST_FOUND = 20

/** The same family, registered twice: an agent finds the other household, compares both, and makes one of them. */
export function registerMerge(k: FamiliesRegistrar): void {
  const access = { audience: 'agent', permission: 'household.write' } as const

  k.page({ ...access, path: '/gestion/foyers/:id/reunir', title: 'page.merge', query: Type.Object({ nom: Type.String({ maxLength: 200, default: '' }) }) }, async (c, { params, query }) => {
    const household = await c.db.selectFrom('household').select(['id', 'name']).where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (household === undefined) return c.notFound()
    const words = searchWords(query.nom)
    const found = words.length === 0 ? [] : await words.reduce((rows, word) => rows.where('search_text', 'like', `%${word}%`), c.db.selectFrom('household')).selectAll().where('id', '!=', household.id).orderBy('sort_key').orderBy('id').limit(MOST_FOUND).execute()
    const lists = [
      ...(words.length === 0 ? [{ key: 'likely', title: c.t('merge.likely'), none: c.t('merge.likely.none'), rows: await likelyTwins(c.db, household.id) }] : []),
      ...(words.length === 0 ? [] : [{ key: 'found', title: c.t('merge.found'), none: c.t('household.none'), rows: found }]),
    ]
    return c.page(c.t('page.merge'), (
      <Page title={c.t('page.merge')} intro={c.t('merge.intro', { name: household.name })} breadcrumb={bureauCrumbs(c, household)}>
        <SearchForm action={c.url(`/gestion/foyers/${household.id}/reunir`)} name="nom" label={c.t('household.search')} value={query.nom} />
        {await Promise.all(lists.map(async ({ key, title, none, rows }) => (
          <Section key={key} title={title}>
            <DataTable
              caption={title} rows={await householdCards(c.db, rows, c.today())} rowKey={({ id }) => id} empty={none}
              columns={[
                { key: 'name', header: c.t('household.name'), cell: ({ id, name }) => <a href={c.url(`/gestion/foyers/${household.id}/reunir/${id}`)}>{c.t('merge.compare', { name })}</a> },
                { key: 'children', header: c.t('family.children'), cell: ({ children }) => children.map(({ firstName, birthDay }) => `${firstName} (${c.format.date(birthDay)})`).join(', ') },
                { key: 'guardians', header: c.t('family.guardians'), cell: ({ guardians }) => guardians.map(({ firstName, lastName }) => `${firstName} ${lastName}`).join(', ') },
              ]}
            />
          </Section>
        )))}
      </Page>
    ))
  })

  k.page({ ...access, path: '/gestion/foyers/:id/reunir/:other', title: 'page.merge' }, async (c, { params }) => {
    const preview = await previewMerge(c, params['id'] ?? '', params['other'] ?? '')
    if (preview === undefined) return c.notFound()
    const { stays, goes, plan } = preview
    const title = c.t('merge.of', { stays: stays.household.name, goes: goes.household.name })
    const notes = plan.notes.filter(({ code }) => code !== 'quotient' || c.actor.can('quotient.read'))
    return c.page(title, (
      <Page title={title} intro={c.t('merge.compare.intro')} breadcrumb={[...bureauCrumbs(c, stays.household), { label: c.t('page.merge'), href: c.url(`/gestion/foyers/${stays.household.id}/reunir`) }]}
        actions={<ButtonLink href={c.url(`/gestion/foyers/${goes.household.id}/reunir/${stays.household.id}`)}>{c.t('merge.swap')}</ButtonLink>}>
        {plan.conflicts.length > 0 && <Notice kind="error" title={c.t('merge.blocked')}><ul>{plan.conflicts.map((conflict) => <li key={`${conflict.code} ${conflict.name}`}>{c.t(`merge.conflict.${conflict.code}`, { name: conflict.name })}</li>)}</ul></Notice>}
        {notes.length > 0 && <Notice kind="warning" title={c.t('merge.notes')}><ul>{notes.map(({ code, name }) => <li key={`${code} ${name}`}>{c.t(`merge.note.${code}`, { name })}</li>)}</ul></Notice>}
        <Section title={c.t('merge.comparison')}>
          <DataTable
            caption={c.t('merge.comparison')} rows={comparison(c, stays, goes, plan)} rowKey={({ key }) => key}
            columns={[
              { key: 'what', header: c.t('merge.column.what') }, { key: 'stays', header: c.t('merge.column.stays', { name: stays.household.name }) }, { key: 'goes', header: c.t('merge.column.goes', { name: goes.household.name }) },
              { key: 'result', header: c.t('merge.column.result'), cell: ({ result, isNew }) => (isNew ? <Badge kind="info">{result}</Badge> : result) },
            ]}
          />
        </Section>
        {plan.conflicts.length === 0 && (
          <Section title={c.t('merge.do')}>
            <p>{c.t('merge.others')}</p>
            <Actions>
              <ActionButton kind="danger" action={c.url(`/gestion/foyers/${stays.household.id}/reunir/${goes.household.id}`)} label={c.t('merge.do')} confirm={c.t('merge.confirm', { stays: stays.household.name, goes: goes.household.name })} />
            </Actions>
          </Section>
        )}
      </Page>
    ))
  })

  k.action({ ...access, path: '/gestion/foyers/:id/reunir/:other' }, async (c, { params }) => {
    const outcome = await mergeHouseholds(c, params['id'] ?? '', params['other'] ?? '')
    switch (outcome.kind) {
      case 'merged': return c.redirect(`/gestion/foyers/${params['id'] ?? ''}`, 'notice.merged')
      case 'refused': return c.invalid({ '': outcome.conflicts.map((conflict) => conflictText(c, conflict)).join(' ') })
      case 'changed': return c.invalid({ '': c.t('merge.changed') })
      default: return c.notFound()
    }
  })
}

function conflictText(c: FamiliesContext, { code, name }: MergeConflict): string {
  return c.t(`merge.conflict.${code}`, { name })
}

interface ComparisonRow { readonly key: string; readonly what: string; readonly stays: string; readonly goes: string; readonly result: string; readonly isNew: boolean }

function comparison(c: FamiliesContext, stays: MergeSide, goes: MergeSide, plan: MergePlan): readonly ComparisonRow[] {
  const row = (key: string, what: string, one: string, other: string, result: string, isNew = false): ComparisonRow => ({ key, what, stays: one, goes: other, result, isNew })
  const where = ({ household }: MergeSide): string => c.t(household.resident === 1 ? 'household.resident' : 'household.outside')
  const person = ({ first_name: first, last_name: last }: { readonly first_name: string; readonly last_name: string }): string => `${first} ${last}`
  const guardian = (each: MergeSide['guardians'][number]): string => [person(each), each.email, each.phone, each.account_id === null ? undefined : c.t('merge.account')].filter((part) => part !== null && part !== undefined).join(', ')
  const child = (each: MergeSide['children'][number]): string => c.t('merge.child', { name: person(each), born: c.format.date(each.birth_day) })
  const people = <Row extends { readonly id: string }>(kind: string, what: string, own: readonly Row[], matches: readonly Match<Row>[], text: (each: Row) => string): readonly ComparisonRow[] => [
    ...own.map((each) => {
      const match = matches.find(({ to }) => to?.id === each.id)
      return row(`${kind} ${each.id}`, what, text(each), match === undefined ? '–' : text(match.from), c.t(match === undefined ? 'merge.result.stays' : 'merge.result.one'))
    }),
    ...matches.filter(({ to }) => to === undefined).map(({ from }) => row(`${kind} ${from.id}`, what, '–', text(from), c.t('merge.result.joins'), true)),
  ]
  const quotient = ({ quotients }: MergeSide): string => {
    const holds = quotients.filter((each) => each.first_day <= c.today() && c.today() <= each.last_day).at(-1)
    return holds === undefined ? c.t('quotient.unknown') : c.format.number(holds.value)
  }
  const [ofStays, ofGoes] = [quotient(stays), quotient(goes)]
  return [
    row('address', c.t('field.address'), addressLine(stays.household) ?? '–', addressLine(goes.household) ?? '–', c.t('merge.result.stays')),
    row('resident', c.t('household.where'), where(stays), where(goes), c.t('merge.result.stays')),
    ...people('guardian', c.t('merge.guardian'), stays.guardians, plan.guardians, guardian),
    ...people('child', c.t('alert.child'), stays.children, plan.children, child),
    ...(c.actor.can('quotient.read') ? [row('quotient', c.t('quotient.title'), ofStays, ofGoes, ofStays === c.t('quotient.unknown') && ofGoes !== ofStays ? c.t('merge.result.joins') : c.t('merge.result.stays'))] : []),
    row('documents', c.t('document.title'), c.format.number(stays.documents), c.format.number(goes.documents), c.format.number(stays.documents + goes.documents)),
  ]
}
