import { ageOn, Type } from '@liberacces/sdk'
import { ActionButton, ButtonLink, DataTable, DescriptionList, Page, Section, Time } from '@liberacces/sdk/ui'
import { DocumentState } from '../document-state.tsx'
import type { FamiliesRegistrar } from '../families-types.ts'
import { DocumentForm, healthForm, HealthForm, healthOf, PickUpForm } from '../forms.ts'
import { healthItems } from '../health-items.tsx'
import { documentsOf, insertDocument } from '../store/documents.ts'
import { readHealth } from '../store/health.ts'
import { changeHealth } from '../store/save-health.ts'
import { selectChildren } from '../store/cards.ts'
import { addPickUp, removePickUp } from '../store/pick-ups.ts'
import { familyCrumbs, nameOf, ownChild } from './shell.tsx'

/** One's own child: class, health, documents with who saw them, who may fetch. */
export function registerOwnChild(k: FamiliesRegistrar): void {
  k.page({ path: '/enfants/:id', audience: 'citizen', permission: 'family.own', title: 'page.child' }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return c.notFound()
    const title = `${child.first_name} ${child.last_name}`
    const place = await selectChildren(c.db, c.today()).where('child.id', '=', child.id).executeTakeFirst()
    const school = place?.school_id === undefined || place.school_id === null ? undefined : await c.db.selectFrom('school').select('name').where('id', '=', place.school_id).executeTakeFirst()
    const record = await readHealth(c, child.id)
    const documents = await documentsOf(c.db, child.household_id, child.id)
    const views = documents.length === 0 ? [] : await c.db.selectFrom('document_view').selectAll().where('document_id', 'in', documents.map(({ id }) => id)).orderBy('viewed_at', 'desc').limit(50).execute()
    const people = await c.db.selectFrom('pick_up_person').selectAll().where('child_id', '=', child.id).orderBy('name').execute()
    return c.page(title, (
      <Page title={title} breadcrumb={familyCrumbs(c)}>
        <DescriptionList items={[
          { term: c.t('field.birthDay'), description: <><Time date={child.birth_day} /> ({c.t('child.age', { age: ageOn(child.birth_day, c.today()) })})</> },
          { term: c.t('child.school'), description: school === undefined ? c.t('child.noClass') : `${school.name} – ${place?.class_name ?? ''}` },
        ]}
        />
        <Section title={c.t('health.title')} actions={<ButtonLink href={c.url(`/enfants/${child.id}/sante`)}>{c.t('health.edit')}</ButtonLink>}>
          <DescriptionList items={healthItems(c, record, c.url(`/enfants/${child.id}/protocole`))} />
        </Section>
        <Section title={c.t('document.title')} actions={<ButtonLink href={c.url(`/enfants/${child.id}/documents/ajouter`)}>{c.t('document.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('document.title')} rows={documents} rowKey={({ id }) => id} empty={c.t('document.none')}
            columns={[
              { key: 'kind', header: c.t('field.kind'), cell: ({ id, kind }) => <a href={c.url(`/documents/${id}`)}>{c.t(`field.kind.${kind}`)}</a> },
              { key: 'state', header: c.t('document.state'), cell: (document) => <DocumentState c={c} document={document} /> },
              { key: 'seen', header: c.t('document.seen'), cell: ({ id }) => views.filter((view) => view.document_id === id).slice(0, 3).map((view) => `${view.viewer_name ?? c.t('document.someone')}, ${c.format.date(view.viewed_at)}`).join(' ; ') || c.t('document.unseen') },
            ]}
          />
        </Section>
        <Section title={c.t('pickup.title')} actions={<ButtonLink href={c.url(`/enfants/${child.id}/personnes/ajouter`)}>{c.t('pickup.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('pickup.title')} rows={people} rowKey={({ id }) => id} empty={c.t('pickup.none')}
            columns={[
              { key: 'name', header: c.t('field.name') }, { key: 'relation', header: c.t('field.relation') },
              { key: 'phone', header: c.t('field.phone'), cell: ({ phone }) => phone ?? '' },
              { key: 'days', header: c.t('pickup.days'), cell: ({ first_day: first, last_day: last }) => c.t('pickup.when', { first: first === null ? 'none' : c.format.date(first), last: last === null ? 'none' : c.format.date(last) }) },
              { key: 'actions', header: c.t('column.actions'), cell: ({ id, name }) => <ActionButton kind="danger" action={c.url(`/enfants/${child.id}/personnes/${id}/retirer`)} label={c.t('action.remove')} subject={name} confirm={c.t('pickup.remove.confirm', { name })} /> },
            ]}
          />
        </Section>
      </Page>
    ))
  })

  k.route({
    method: 'GET', path: '/enfants/:id/protocole', audience: 'citizen', permission: 'family.own', summary: 'The PAI of one’s own child', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) },
  }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    const pai = child === undefined ? undefined : (await readHealth(c, child.id)).pai
    return pai?.protocolId === undefined ? c.notFound() : c.file(pai.protocolId, { disposition: 'attachment' })
  })

  k.form({ path: '/enfants/:id/sante', audience: 'citizen', permission: 'family.own', title: 'page.health', intro: 'health.intro', schema: HealthForm }, async (c, data, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return c.notFound()
    if (data.paiFirstDay !== undefined && data.paiLastDay !== undefined && data.paiLastDay < data.paiFirstDay) return c.invalid({ paiLastDay: c.t('problem.day-order') })
    const before = await readHealth(c, child.id)
    await changeHealth(c, child, before, healthOf(data, before, c.today()))
    return c.redirect(`/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return undefined
    const { shownOn: _shownOn, ...form } = healthForm(await readHealth(c, child.id))
    return { ...form, childName: nameOf(child) }
  })

  k.form({ path: '/enfants/:id/documents/ajouter', audience: 'citizen', permission: 'family.own', title: 'page.document', intro: 'child.about', schema: DocumentForm }, async (c, data, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return c.notFound()
    await c.transaction(async (tx) => { await insertDocument(c, tx, { householdId: child.household_id, childId: child.id }, data) })
    await c.audit('document.added', child.id, { kind: data.kind })
    return c.redirect(`/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    return child === undefined ? undefined : { childName: nameOf(child) }
  })

  k.form({ path: '/enfants/:id/personnes/ajouter', audience: 'citizen', permission: 'family.own', title: 'page.pickup', intro: 'child.about', schema: PickUpForm }, async (c, data, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return c.notFound()
    if (data.firstDay !== undefined && data.lastDay !== undefined && data.lastDay < data.firstDay) return c.invalid({ lastDay: c.t('problem.day-order') })
    await addPickUp(c, child, data)
    return c.redirect(`/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    return child === undefined ? undefined : { childName: nameOf(child) }
  })

  k.action({ path: '/enfants/:id/personnes/:person/retirer', audience: 'citizen', permission: 'family.own' }, async (c, { params }) => {
    const child = await ownChild(c, params['id'] ?? '')
    if (child === undefined) return c.notFound()
    await removePickUp(c, child, params['person'] ?? '')
    return c.redirect(`/enfants/${child.id}`, 'notice.removed')
  })
}
