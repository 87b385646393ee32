import { jsx } from '@liberacces/sdk/jsx-runtime'
import type { FastifyInstance } from 'fastify'
import { requestContext } from '../http/request-context.ts'
import { MODULES_MANAGE } from '../identity/kernel-permissions.ts'
import { textIn } from '../localized-text.ts'
import { AdminQuotasPage } from '../pages/admin-quotas.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { quotaItems } from './quota-items.ts'
import type { SiteServices } from './site-services.ts'

/** What the Pool grants this tenant, and what it uses of it. */
export function registerAdminQuotas(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/admin/quotas', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, MODULES_MANAGE)
    const { tenant, locale } = context
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'admin',
      title: translator(locale)('admin.menu.quotas'),
      body: jsx(AdminQuotasPage, {
        quotas: await quotaItems(services, tenant),
        notGranted: services.entitlementDesk.grantsOf(tenant).filter(({ granted }) => !granted).map(({ title }) => textIn(locale, title)),
        poolName: services.tenants.pool()?.info.name ?? '',
      }),
    }))
  })
}
