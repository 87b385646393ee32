import { LongText, Type, type Static } from '@liberacces/sdk'
import { ActionButton, Actions, ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import type { Problems } from '../checked.ts'
import type { DirectoryContext, DirectoryRegistrar } from '../directory-types.ts'
import { problemTexts } from '../problem-texts.ts'
import { checkService, mayBelongTo, SERVICE_LIMITS, type ServiceField } from '../service.ts'
import { allServices, deleteService, findService, saveService, serviceNamed } from '../store/services.ts'
import { SectionTabs } from './shell.tsx'

const ServiceForm = Type.Object({
  name: Type.String({ minLength: 1, maxLength: SERVICE_LIMITS.name }),
  parent: Type.Optional(Type.String({ maxLength: SERVICE_LIMITS.name })),
  description: Type.Optional(LongText({ maxLength: SERVICE_LIMITS.description })),
  openingHours: Type.Optional(LongText({ maxLength: SERVICE_LIMITS.openingHours })),
  address: Type.Optional(LongText({ maxLength: SERVICE_LIMITS.address })),
  email: Type.Optional(Type.String({ maxLength: 254 })),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
})

/** The Bureau's list of services, and the forms to add, change and delete one. */
export function registerServices(k: DirectoryRegistrar): void {
  k.page({ path: '/gestion/services', audience: 'agent', permission: 'entry.read', title: 'page.manage.services' }, async (c) => {
    const services = await allServices(c.db)
    const names = new Map(services.map(({ id, name }) => [id, name]))
    const counts = await c.db.selectFrom('person').select((eb) => ['service_id', eb.fn.countAll().as('people')]).where('service_id', 'is not', null).groupBy('service_id').execute()
    const peopleIn = new Map(counts.map(({ service_id, people }) => [service_id, Number(people)]))
    const writes = c.actor.can('entry.write')
    return (
      <Page title={c.t('page.manage.services')} actions={writes && <ButtonLink kind="primary" href={c.url('/gestion/services/ajouter')}>{c.t('page.service.add')}</ButtonLink>}>
        <SectionTabs c={c} current="services" />
        <DataTable
          caption={c.t('manage.services')}
          rows={services}
          rowKey={({ id }) => id}
          empty={c.t('manage.none')}
          columns={[
            { key: 'name', header: c.t('field.name'), cell: ({ id, name }) => <a href={c.url(`/services/${id}`)}>{name}</a> },
            { key: 'parent', header: c.t('field.parent'), cell: ({ parentId }) => names.get(parentId ?? '') ?? '' },
            { key: 'people', header: c.t('column.people'), numeric: true, cell: ({ id }) => <a href={c.url('/gestion', { service: id })}>{c.format.number(peopleIn.get(id) ?? 0)}</a> },
            { key: 'phone', header: c.t('field.phone'), cell: ({ phone }) => phone ?? '' },
            ...(writes ? [{ key: 'actions', header: c.t('column.actions'), cell: ({ id, name }: (typeof services)[number]) => (
              <Actions>
                <ButtonLink href={c.url(`/gestion/services/${id}/modifier`)} subject={name}>{c.t('action.edit')}</ButtonLink>
                <ActionButton kind="danger" action={c.url(`/gestion/services/${id}/supprimer`)} label={c.t('action.delete')} subject={name} confirm={c.t('service.delete.confirm', { name })} />
              </Actions>
            ) }] : []),
          ]}
        />
      </Page>
    )
  })

  k.form({ path: '/gestion/services/ajouter', audience: 'agent', permission: 'entry.write', title: 'page.service.add', schema: ServiceForm }, async (c, data) => {
    const problems = await write(c, undefined, data)
    return problems === undefined ? c.redirect('/gestion/services', 'notice.saved') : c.invalid(problemTexts(c, problems))
  })

  k.form(
    { path: '/gestion/services/:id/modifier', audience: 'agent', permission: 'entry.write', title: 'page.service.edit', schema: ServiceForm },
    async (c, data, { params }) => {
      const service = await findService(c.db, params['id'] ?? '')
      if (service === undefined) return c.notFound()
      const problems = await write(c, service.id, data)
      return problems === undefined ? c.redirect('/gestion/services', 'notice.saved') : c.invalid(problemTexts(c, problems))
    },
    async (c, { params }) => {
      const service = await findService(c.db, params['id'] ?? '')
      if (service === undefined) return undefined
      const parent = service.parentId === undefined ? undefined : await findService(c.db, service.parentId)
      const { name, description, openingHours, address, email = '', phone = '' } = service
      return { name, parent: parent?.name ?? '', description, openingHours, address, email, phone }
    },
  )

  k.action({ path: '/gestion/services/:id/supprimer', audience: 'agent', permission: 'entry.write' }, async (c, { params }) => {
    const id = params['id'] ?? ''
    if (!(await c.transaction((tx) => deleteService(tx, id)))) return c.notFound()
    await c.audit('service.deleted', id)
    return c.redirect('/gestion/services', 'notice.service.deleted')
  })
}

/** Stores a service if everything is right; else says what is not. */
async function write(c: DirectoryContext, id: string | undefined, data: Static<typeof ServiceForm>): Promise<Problems<ServiceField | 'parent'> | undefined> {
  const serviceId = id ?? c.id()
  const problems = await c.transaction(async (tx): Promise<Problems<ServiceField | 'parent'> | undefined> => {
    const services = await allServices(tx)
    const typedParent = (data.parent ?? '').trim()
    const parent = typedParent === '' ? undefined : await serviceNamed(tx, typedParent)
    const checked = checkService({
      name: data.name,
      parentId: parent?.id,
      description: data.description ?? '',
      openingHours: data.openingHours ?? '',
      address: data.address ?? '',
      email: data.email ?? '',
      phone: data.phone ?? '',
    })
    const namesake = checked.ok ? await serviceNamed(tx, checked.value.name) : undefined
    const loops = parent !== undefined && !mayBelongTo(serviceId, parent.id, new Map(services.map((service) => [service.id, service.parentId])))
    const found: Problems<ServiceField | 'parent'> = {
      ...(namesake !== undefined && namesake.id !== serviceId ? { name: 'name-taken' as const } : {}),
      ...(checked.ok ? {} : checked.problems),
      ...(typedParent !== '' && parent === undefined ? { parent: 'unknown-service' as const } : {}),
      ...(loops ? { parent: 'service-loop' as const } : {}),
    }
    if (!checked.ok || Object.keys(found).length > 0) return found
    await saveService(tx, serviceId, checked.value)
    return undefined
  })
  if (problems === undefined) await c.audit(id === undefined ? 'service.created' : 'service.updated', serviceId)
  return problems
}
