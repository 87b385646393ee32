import { LongText, searchWords, type Static, Type } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, Page, SearchForm } from '@liberacces/sdk/ui'
import { ASSOCIATION_LIMITS, checkAssociation, type AssociationField } from '../association.ts'
import type { Problems } from '../checked.ts'
import type { DirectoryContext, DirectoryRegistrar } from '../directory-types.ts'
import { problemTexts } from '../problem-texts.ts'
import { associationFromRow, deleteAssociation, findAssociation, isRnaTaken, saveAssociation } from '../store/associations.ts'
import { SectionTabs } from './shell.tsx'

const PAGE_SIZE = 25
const AssociationForm = Type.Object({
  name: Type.String({ minLength: 1, maxLength: ASSOCIATION_LIMITS.name }),
  rna: Type.Optional(Type.String({ maxLength: 20 })),
  purpose: Type.Optional(LongText({ maxLength: ASSOCIATION_LIMITS.purpose })),
  website: Type.Optional(Type.String({ maxLength: ASSOCIATION_LIMITS.website })),
  contactName: Type.Optional(Type.String({ maxLength: ASSOCIATION_LIMITS.contactName })),
  contactEmail: Type.Optional(Type.String({ maxLength: 254 })),
  contactPhone: Type.Optional(Type.String({ maxLength: 30 })),
  contactPublic: Type.Optional(Type.Boolean()),
})

/** The Bureau's list of associations, and the forms to add, change and delete one. */
export function registerAssociations(k: DirectoryRegistrar): void {
  k.page(
    {
      path: '/gestion/associations', audience: 'agent', permission: 'entry.read', title: 'page.manage.associations',
      query: Type.Object({ nom: Type.String({ maxLength: 200, default: '' }), page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }) }),
    },
    async (c, { query }) => {
      const matching = searchWords(query.nom).reduce((all, word) => all.where('search_text', 'like', `%${word}%`), c.db.selectFrom('association'))
      const { total } = await matching.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow()
      const pageCount = Math.max(1, Math.ceil(Number(total) / PAGE_SIZE))
      const page = Math.min(query.page, pageCount)
      const rows = await matching.selectAll().orderBy('sort_key').orderBy('id').limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE).execute()
      const associations = rows.map(associationFromRow)
      const writes = c.actor.can('entry.write')
      return (
        <Page title={c.t('page.manage.associations')} actions={writes && <ButtonLink kind="primary" href={c.url('/gestion/associations/ajouter')}>{c.t('page.association.add')}</ButtonLink>}>
          <SectionTabs c={c} current="associations" />
          <SearchForm action={c.url('/gestion/associations')} name="nom" label={c.t('manage.search.association')} value={query.nom} />
          <DataTable
            caption={c.t('manage.associations')}
            rows={associations}
            rowKey={({ id }) => id}
            empty={c.t('manage.none')}
            pagination={{ page, pageCount, href: (number) => c.url('/gestion/associations', { ...query, page: number }) }}
            exports={c.actor.can('entry.export') ? [{ label: c.t('manage.export'), href: c.url('/gestion/export/associations.csv') }] : []}
            columns={[
              { key: 'name', header: c.t('field.name'), cell: ({ id, name }) => <a href={c.url(`/associations/${id}`)}>{name}</a> },
              { key: 'rna', header: c.t('field.rna'), cell: ({ rna }) => rna ?? '' },
              { key: 'contact', header: c.t('column.contact'), cell: ({ contactName, contactPhone, contactEmail }) => [contactName, contactPhone, contactEmail].filter((part) => part !== undefined && part !== '').join(' · ') },
              { key: 'public', header: c.t('person.visibility'), cell: ({ contactPublic }) => <Badge kind={contactPublic ? 'success' : 'neutral'}>{c.t(contactPublic ? 'shown.public' : 'shown.internal')}</Badge> },
              ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: ({ id, name }: (typeof associations)[number]) => (
                <Actions>
                  <ButtonLink href={c.url(`/gestion/associations/${id}/modifier`)} subject={name}>{c.t('action.edit')}</ButtonLink>
                  <ActionButton kind="danger" action={c.url(`/gestion/associations/${id}/supprimer`)} label={c.t('action.delete')} subject={name} confirm={c.t('association.delete.confirm', { name })} />
                </Actions>
              ) }] : []),
            ]}
          />
        </Page>
      )
    },
  )

  k.form({ path: '/gestion/associations/ajouter', audience: 'agent', permission: 'entry.write', title: 'page.association.add', schema: AssociationForm }, async (c, data) => {
    const problems = await write(c, undefined, data)
    return problems === undefined ? c.redirect('/gestion/associations', 'notice.saved') : c.invalid(problemTexts(c, problems))
  })

  k.form(
    { path: '/gestion/associations/:id/modifier', audience: 'agent', permission: 'entry.write', title: 'page.association.edit', schema: AssociationForm },
    async (c, data, { params }) => {
      const association = await findAssociation(c.db, params['id'] ?? '')
      if (association === undefined) return c.notFound()
      const problems = await write(c, association.id, data)
      return problems === undefined ? c.redirect('/gestion/associations', 'notice.saved') : c.invalid(problemTexts(c, problems))
    },
    async (c, { params }) => {
      const association = await findAssociation(c.db, params['id'] ?? '')
      if (association === undefined) return undefined
      const { name, rna = '', purpose, website = '', contactName, contactEmail = '', contactPhone = '', contactPublic } = association
      return { name, rna, purpose, website, contactName, contactEmail, contactPhone, contactPublic }
    },
  )

  k.action({ path: '/gestion/associations/:id/supprimer', audience: 'agent', permission: 'entry.write' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    if (!(await c.transaction((tx) => deleteAssociation(tx, id)))) return c.notFound()
    await c.audit('association.deleted', id)
    return c.redirect('/gestion/associations', 'notice.association.deleted')
  })
}

/** Stores an association if everything is right; else says what is not. */
async function write(c: DirectoryContext, id: string | undefined, data: Static<typeof AssociationForm>): Promise<Problems<AssociationField> | undefined> {
  const { name, rna = '', purpose = '', website = '', contactName = '', contactEmail = '', contactPhone = '', contactPublic = false } = data
  const checked = checkAssociation({ name, rna, purpose, website, contactName, contactEmail, contactPhone, contactPublic })
  if (!checked.ok) return checked.problems
  const newId = id ?? c.id()
  const stored = await c.transaction(async (tx) => {
    if (await isRnaTaken(tx, id, checked.value.rna)) return false
    await saveAssociation(tx, newId, checked.value, c.now())
    return true
  })
  if (!stored) return { rna: 'rna-taken' }
  await c.audit(id === undefined ? 'association.created' : 'association.updated', newId)
  return undefined
}
