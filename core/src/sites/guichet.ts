import { jsx } from '@liberacces/sdk/jsx-runtime'
import { GuichetBlock, GuichetService, type SERVICE_CATEGORIES } from '@liberacces/sdk/slots'
import type { FastifyInstance } from 'fastify'
import { requestContext } from '../http/request-context.ts'
import type { OwnedContribution } from '../lifecycle/modules.ts'
import { AccessibilityPage } from '../pages/accessibility.tsx'
import { GuichetPage, type GuichetServiceItem } from '../pages/guichet.tsx'
import { LegalPage } from '../pages/legal.tsx'
import type { IconName } from '../pages/slot.tsx'
import { translator } from '../pages/translate.ts'
import { translatorOf } from '../runtime/messages.ts'
import type { Origin } from '../runtime/runtime.ts'
import { renderSlot, visibleContributions } from '../slots/render-slot.ts'
import { consoleHome } from './console.ts'
import { framedAnswer } from './frame.ts'
import { keptAnswer } from './kept-answer.ts'
import { outageInWords } from './outage-in-words.ts'
import { slotItem } from './slot-item.ts'
import type { SiteServices } from './site-services.ts'

/** Day on which the accessibility statement was last looked over. */
const ACCESSIBILITY_STATED = '2026-11-23'

/** The Guichet: a tenant's public home, its accessibility statement and its legal notice. The Pool's home is the console. */
export function registerGuichet(instance: FastifyInstance, services: SiteServices): void {
  instance.get<{ Querystring: { q?: unknown } }>('/', (request, reply) => {
    if (requestContext(request.raw).tenant.info.kind === 'pool') return consoleHome(services, request, reply)
    return keptAnswer(services, request, reply, async (origin) => {
      const modules = services.installations.modules(origin.tenant.id)
      const { welcome } = await services.settings.kernel(origin.tenant.id)
      const blocks = await renderSlot(services, GuichetBlock, visibleContributions(modules, GuichetBlock, origin), origin)
      return {
        area: 'guichet',
        title: translator(origin.locale)('guichet.title'),
        body: jsx(GuichetPage, {
          welcome,
          services: visibleContributions(modules, GuichetService, origin).map((contribution) => serviceItem(contribution, origin)),
          blocks: blocks.map((block) => slotItem(block, outageInWords(services, origin.locale))),
        }),
      }
    })
  })

  instance.get('/accessibilite', async (request, reply) => {
    const { tenant, locale } = requestContext(request.raw)
    const { contact } = await services.settings.kernel(tenant.id)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'guichet',
      title: translator(locale)('accessibility.title'),
      body: jsx(AccessibilityPage, { tenantName: tenant.info.name, date: ACCESSIBILITY_STATED, ...(contact === '' ? {} : { contact }) }),
    }))
  })

  instance.get('/mentions-legales', async (request, reply) => {
    const { tenant, locale } = requestContext(request.raw)
    const { contact } = await services.settings.kernel(tenant.id)
    const { siren } = tenant.info
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'guichet',
      title: translator(locale)('legal.title'),
      body: jsx(LegalPage, {
        tenantName: tenant.info.name, hostName: services.tenants.pool()?.info.name ?? tenant.info.name,
        ...(siren === undefined ? {} : { siren }), ...(contact === '' ? {} : { contact }),
      }),
    }))
  })
}

interface ServiceData {
  readonly category: (typeof SERVICE_CATEGORIES)[number]
  readonly href: string
  readonly description?: string
  readonly icon?: IconName
}

function serviceItem({ release, title, data }: OwnedContribution, { locale }: Origin): GuichetServiceItem {
  const t = translatorOf(release, locale)
  // The catalogue held the data against the slot's schema.
  const { category, href, description, icon } = data as unknown as ServiceData
  return {
    title: t(title),
    href: `/apps/${release.manifest.path}${href}`,
    category,
    ...(description === undefined ? {} : { description: t(description) }),
    ...(icon === undefined ? {} : { icon }),
  }
}
