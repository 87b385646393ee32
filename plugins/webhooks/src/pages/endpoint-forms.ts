import { EndpointSchema, endpointProblems } from '../endpoint-form.ts'
import { changeEndpoint, createEndpoint, findEndpoint } from '../store/endpoints.ts'
import type { WebhookRegistrar } from '../webhook-types.ts'

/** The forms that make an endpoint and change one. */
export function registerEndpointForms(k: WebhookRegistrar): void {
  k.form({ path: '/abonnements/nouveau', audience: 'admin', permission: 'webhook.manage', schema: EndpointSchema, title: 'page.new', intro: 'page.new.intro', submit: 'action.create' }, async (c, data) => {
    const problems = await endpointProblems(c, data)
    if (Object.keys(problems).length > 0) return c.invalid(problems)
    const { id } = await createEndpoint(c, data)
    return c.redirect(`/abonnements/${id}/cle`, 'done.create')
  })
  k.form({ path: '/abonnements/:id/modifier', audience: 'admin', permission: 'webhook.manage', schema: EndpointSchema, title: 'page.edit', intro: 'page.new.intro', submit: 'action.save' }, async (c, data, { params }) => {
    if (await findEndpoint(c.db, params['id'] ?? '') === undefined) return c.notFound()
    const problems = await endpointProblems(c, data)
    if (Object.keys(problems).length > 0) return c.invalid(problems)
    await changeEndpoint(c, params['id'] ?? '', data)
    return c.redirect(`/abonnements/${params['id'] ?? ''}`, 'done.save')
  }, async (c, { params }) => {
    const endpoint = await findEndpoint(c.db, params['id'] ?? '')
    return endpoint === undefined ? undefined : { url: endpoint.url, label: endpoint.label, format: endpoint.format, types: [...endpoint.types] as string[] }
  })
}
