import { ageOn, Type } from '@liberacces/sdk'
import { ActionButton, Actions, ButtonLink, DataTable, DescriptionList, Page, Section, Time } from '@liberacces/sdk/ui'
import { DocumentState } from '../document-state.tsx'
import { schoolYearOf } from '../domain/school-year.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { ChildForm, DocumentForm, HealthByAgentForm, healthForm, healthOf, PickUpForm } from '../forms.ts'
import { nameOf } from '../guichet/shell.tsx'
import { healthItems } from '../health-items.tsx'
import { deleteChild, touchChild, updateChild } from '../store/children.ts'
import { deleteDocument, documentsOf, insertDocument, noteView } from '../store/documents.ts'
import { readHealth } from '../store/health.ts'
import { refreshHousehold } from '../store/households.ts'
import { addPickUp, removePickUp } from '../store/pick-ups.ts'
import { changeHealth } from '../store/save-health.ts'
import { placeChild, schoolCards } from '../store/schools.ts'
import type { Tables } from '../tables.ts'
import { bureauCrumbs } from './shell.tsx'

/** One child for agents. Health is shown to who has that right alone, on a page of its own: each look at it is noted. */
export function registerChildPage(k: FamiliesRegistrar): void {
  const read = { audience: 'agent', permission: 'child.read' } as const
  const write = { audience: 'agent', permission: 'household.write' } as const

  k.page({ ...read, path: '/gestion/enfants/:id', title: 'page.child' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    const title = `${child.first_name} ${child.last_name}`
    const household = await c.db.selectFrom('household').select(['id', 'name']).where('id', '=', child.household_id).executeTakeFirst()
    const schooling = await c.db.selectFrom('schooling').innerJoin('school_class', 'school_class.id', 'schooling.class_id').innerJoin('school', 'school.id', 'school_class.school_id')
      .select(['schooling.id', 'schooling.first_day', 'schooling.last_day', 'school_class.name as class_name', 'school.name as school_name']).where('child_id', '=', child.id).orderBy('first_day', 'desc').execute()
    const documents = await documentsOf(c.db, child.household_id, child.id)
    const people = await c.db.selectFrom('pick_up_person').selectAll().where('child_id', '=', child.id).orderBy('name').execute()
    const writes = c.actor.can('household.write')
    const at = (path: string): string => c.url(`/gestion/enfants/${child.id}${path}`)
    return c.page(title, (
      <Page title={title} breadcrumb={bureauCrumbs(c, household)} actions={(
        <>
          {c.actor.can('health.read') && <ButtonLink kind="primary" href={at('/sante')}>{c.t('health.title')}</ButtonLink>}
          {writes && <ButtonLink href={at('/modifier')}>{c.t('action.edit')}</ButtonLink>}
        </>
      )}>
        <DescriptionList items={[{ term: c.t('field.birthDay'), description: <><Time date={child.birth_day} /> ({c.t('child.age', { age: ageOn(child.birth_day, c.today()) })})</> }]} />
        <Section title={c.t('child.school')} actions={writes && <ButtonLink href={at('/classe')}>{c.t('child.place')}</ButtonLink>}>
          <DataTable
            caption={c.t('child.school')} rows={schooling} rowKey={({ id }) => id} empty={c.t('child.noClass')}
            columns={[
              { key: 'class_name', header: c.t('child.class') }, { key: 'school_name', header: c.t('child.school') },
              { key: 'first_day', header: c.t('quotient.from'), cell: ({ first_day: first }) => <Time date={first} /> }, { key: 'last_day', header: c.t('quotient.until'), cell: ({ last_day: last }) => <Time date={last} /> },
            ]}
          />
        </Section>
        <Section title={c.t('document.title')} actions={writes && <ButtonLink href={at('/documents/ajouter')}>{c.t('document.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('document.title')} rows={documents} rowKey={({ id }) => id} empty={c.t('document.none')}
            columns={[
              { key: 'kind', header: c.t('field.kind'), cell: ({ id, kind }) => (writes ? <a href={c.url(`/gestion/documents/${id}`)}>{c.t(`field.kind.${kind}`)}</a> : c.t(`field.kind.${kind}`)) },
              { key: 'state', header: c.t('document.state'), cell: (document) => <DocumentState c={c} document={document} /> },
              ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: ({ id, kind }: Tables['document']) => <ActionButton kind="danger" action={c.url(`/gestion/documents/${id}/supprimer`)} label={c.t('action.delete')} subject={c.t(`field.kind.${kind}`)} confirm={c.t('document.delete.confirm')} /> }] : []),
            ]}
          />
        </Section>
        <Section title={c.t('pickup.title')} actions={writes && <ButtonLink href={at('/personnes/ajouter')}>{c.t('pickup.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('pickup.title')} rows={people} rowKey={({ id }) => id} empty={c.t('pickup.none')}
            columns={[
              { key: 'name', header: c.t('field.name') }, { key: 'relation', header: c.t('field.relation') }, { key: 'phone', header: c.t('field.phone'), cell: ({ phone }) => phone ?? '' },
              { key: 'days', header: c.t('pickup.days'), cell: ({ first_day: first, last_day: last }) => c.t('pickup.when', { first: first === null ? 'none' : c.format.date(first), last: last === null ? 'none' : c.format.date(last) }) },
              ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: ({ id, name }: Tables['pick_up_person']) => <ActionButton kind="danger" action={at(`/personnes/${id}/retirer`)} label={c.t('action.remove')} subject={name} confirm={c.t('pickup.remove.confirm', { name })} /> }] : []),
            ]}
          />
        </Section>
        {writes && <Actions><ActionButton kind="danger" action={at('/supprimer')} label={c.t('child.delete')} confirm={c.t('child.delete.confirm', { name: title })} /></Actions>}
      </Page>
    ))
  })

  k.form({ ...write, path: '/gestion/enfants/:id/modifier', title: 'page.child.edit', schema: ChildForm }, async (c, data, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    if (data.birthDay > c.today()) return c.invalid({ birthDay: c.t('problem.future') })
    await c.transaction((tx) => updateChild(c, tx, child, data))
    await c.audit('child.changed', child.id)
    return c.redirect(`/gestion/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    return child === undefined ? undefined : { firstName: child.first_name, lastName: child.last_name, birthDay: child.birth_day }
  })

  k.action({ ...write, path: '/gestion/enfants/:id/supprimer' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    const protocol = (await readHealth(c, child.id)).pai?.protocolId
    const files = await c.transaction(async (tx) => {
      const gone = await deleteChild(tx, child)
      await refreshHousehold(c, tx, child.household_id)
      return gone
    })
    await c.audit('child.deleted', child.id)
    for (const file of [...files, ...(protocol === undefined ? [] : [protocol])]) await c.files.delete(file)
    return c.redirect(`/gestion/foyers/${child.household_id}`, 'notice.removed')
  })

  k.page({ ...write, path: '/gestion/enfants/:id/classe', title: 'child.place' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    const title = `${child.first_name} ${child.last_name}`
    return (
      <Page title={c.t('child.place')} intro={c.t('child.place.intro', { name: title, until: c.format.date(schoolYearOf(c.today()).lastDay) })} breadcrumb={[...bureauCrumbs(c), { label: title, href: c.url(`/gestion/enfants/${child.id}`) }]}>
        {(await schoolCards(c.db)).map((school) => (
          <Section key={school.id} title={school.name}>
            <Actions>{school.classes.map((each) => <ActionButton key={each.id} action={c.url(`/gestion/enfants/${child.id}/classe/${each.id}`)} label={each.name} subject={school.name} />)}</Actions>
          </Section>
        ))}
      </Page>
    )
  })

  k.action({ ...write, path: '/gestion/enfants/:id/classe/:class' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    const place = await c.db.selectFrom('school_class').select('id').where('id', '=', params['class'] ?? '').executeTakeFirst()
    if (child === undefined || place === undefined) return c.notFound()
    await c.transaction(async (tx) => {
      await placeChild(c, tx, child.id, place.id, { firstDay: c.today(), lastDay: schoolYearOf(c.today()).lastDay })
      await touchChild(c, tx, child)
    })
    await c.audit('child.placed', child.id, { class: place.id })
    return c.redirect(`/gestion/enfants/${child.id}`, 'notice.saved')
  })

  k.form({ ...write, path: '/gestion/enfants/:id/documents/ajouter', title: 'page.document', intro: 'child.about', schema: DocumentForm }, async (c, data, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    await c.transaction(async (tx) => { await insertDocument(c, tx, { householdId: child.household_id, childId: child.id }, data) })
    await c.audit('document.added', child.id, { kind: data.kind })
    return c.redirect(`/gestion/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    return child === undefined ? undefined : { childName: nameOf(child) }
  })

  k.form({ ...write, path: '/gestion/enfants/:id/personnes/ajouter', title: 'page.pickup', intro: 'child.about', schema: PickUpForm }, async (c, data, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    if (data.firstDay !== undefined && data.lastDay !== undefined && data.lastDay < data.firstDay) return c.invalid({ lastDay: c.t('problem.day-order') })
    await addPickUp(c, child, data)
    return c.redirect(`/gestion/enfants/${child.id}`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    return child === undefined ? undefined : { childName: nameOf(child) }
  })

  k.action({ ...write, path: '/gestion/enfants/:id/personnes/:person/retirer' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    await removePickUp(c, child, params['person'] ?? '')
    return c.redirect(`/gestion/enfants/${child.id}`, 'notice.removed')
  })

  k.route({ ...write, method: 'GET', path: '/gestion/documents/:id', summary: 'A document of a family; who looks at it is noted', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) } }, async (c, { params }) => {
    const document = await c.db.selectFrom('document').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (document === undefined) return c.notFound()
    await noteView(c, document)
    return c.file(document.file_id, { disposition: 'attachment', name: document.file_name })
  })

  k.action({ ...write, path: '/gestion/documents/:id/supprimer' }, async (c, { params }) => {
    const document = await c.db.selectFrom('document').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (document === undefined) return c.notFound()
    await deleteDocument(c, document)
    await c.audit('document.deleted', document.id, { kind: document.kind })
    return c.redirect(document.child_id === null ? `/gestion/foyers/${document.household_id}` : `/gestion/enfants/${document.child_id}`, 'notice.removed')
  })

  k.page({ audience: 'agent', permission: 'health.read', path: '/gestion/enfants/:id/sante', title: 'health.title' }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    const title = `${child.first_name} ${child.last_name}`
    const record = await readHealth(c, child.id)
    return c.page(c.t('health.of', { name: title }), (
      <Page title={c.t('health.of', { name: title })} intro={c.t('health.noted')} breadcrumb={[...bureauCrumbs(c), { label: title, href: c.url(`/gestion/enfants/${child.id}`) }]}
        actions={c.actor.can('health.write') && <ButtonLink href={c.url(`/gestion/enfants/${child.id}/sante/modifier`)}>{c.t('action.edit')}</ButtonLink>}>
        <DescriptionList items={healthItems(c, record, c.url(`/gestion/enfants/${child.id}/sante/protocole`))} />
      </Page>
    ))
  })

  k.form({ audience: 'agent', permission: 'health.write', path: '/gestion/enfants/:id/sante/modifier', title: 'page.health', intro: 'health.intro', schema: HealthByAgentForm }, async (c, data, { params }) => {
    const child = await childOf(c, params['id'])
    if (child === undefined) return c.notFound()
    if (data.paiFirstDay !== undefined && data.paiLastDay !== undefined && data.paiLastDay < data.paiFirstDay) return c.invalid({ paiLastDay: c.t('problem.day-order') })
    const before = await readHealth(c, child.id)
    await changeHealth(c, child, before, healthOf(data, before, c.today()))
    return c.redirect(`/gestion/enfants/${child.id}/sante`, 'notice.saved')
  }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    return child === undefined ? undefined : { ...healthForm(await readHealth(c, child.id)), childName: nameOf(child) }
  })

  k.route({ audience: 'agent', permission: 'health.read', method: 'GET', path: '/gestion/enfants/:id/sante/protocole', summary: 'The protocol of a PAI; who looks at it is noted', response: { 200: Type.String({ contentMediaType: 'application/octet-stream' }) } }, async (c, { params }) => {
    const child = await childOf(c, params['id'])
    const pai = child === undefined ? undefined : (await readHealth(c, child.id)).pai
    return pai?.protocolId === undefined ? c.notFound() : c.file(pai.protocolId, { disposition: 'attachment' })
  })
}

function childOf(c: FamiliesContext, id: string | undefined): Promise<Tables['child'] | undefined> {
  return c.db.selectFrom('child').selectAll().where('id', '=', id ?? '').executeTakeFirst()
}
