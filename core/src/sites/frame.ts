import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderToHtml, type VNode } from '@liberacces/sdk/host'
import { pathOf } from '../http/request-path.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import type { PageContent } from '../http/endpoints/endpoint-ports.ts'
import { takeNotice } from '../http/notice-cookie.ts'
import { BUREAU_OPEN } from '../identity/kernel-permissions.ts'
import { adminMenu } from '../pages/admin-menu.ts'
import { lockForms } from '../pages/locked-forms.ts'
import { renderPage, type Area, type MenuItem, type ShellProps } from '../pages/shell.tsx'
import { DEFAULT_ACCENT } from '../pages/theme.ts'
import { translator } from '../pages/translate.ts'
import { translatorOf } from '../runtime/messages.ts'
import { opensAdministration } from './access.ts'
import { labelAlertsOf } from './label-alerts-of.ts'
import type { SiteServices } from './site-services.ts'

/** A page to be put into the frame. */
export interface Framed {
  readonly area: Area
  /** In the reader's language. */
  readonly title: string
  /** The page, or HTML that is safe already. */
  readonly body: VNode | string
  readonly notice?: string | undefined
  /** What a page of a plugin runs. */
  readonly scripted?: PageContent['scripted']
}

/** A whole document: the page in the frame of its area, with the menu that this person may see. */
export function frame(services: SiteServices, context: RequestContext, path: string, { area, title, body, notice, scripted }: Framed): string {
  const { tenant, principal, locale } = context
  const { csrfToken } = principal
  const announcement = services.announcement()
  const bodyHtml = typeof body === 'string' ? body : renderToHtml(body, { locale, csrfToken })
  return renderPage({
    locale,
    tenant: { name: tenant.info.name, slug: tenant.info.slug, kind: tenant.info.kind, theme: { accent: services.settings.peekKernel(tenant.id)?.accent ?? DEFAULT_ACCENT } },
    audience: area,
    title,
    actor: principal.kind === 'account' ? { name: principal.name, kind: principal.kind } : undefined,
    menu: menuOf(services, context, area, path),
    ...interventions(services, context),
    ...(area === 'console' || area === 'admin' ? { labelAlerts: labelAlertsOf(services, context) } : {}),
    ...(notice === undefined ? {} : { notice: { kind: 'success' as const, text: notice } }),
    ...(announcement === undefined ? {} : { announcement }),
    csrfToken,
    assets: {
      css: services.assets.url('ui.css'),
      // A page with a script of a plugin runs that, and nothing of ours that it could use.
      scripts: scripted?.scripts ?? [services.assets.url('turbo.js'), ...(principal.kind === 'account' ? [] : [services.assets.url('forget-offline.js')])],
      worker: scripted?.worker,
    },
    bodyHtml: principal.readOnly === true ? lockForms(bodyHtml, { form: translator(locale)('form.locked'), button: translator(locale)('form.locked.button') }) : bodyHtml,
    canBureau: principal.permissions.has(BUREAU_OPEN),
    canAdmin: opensAdministration(principal),
  })
}

/** Operators of the Pool in here: administrators see them on every page as long as they may be, and so do they themselves. */
function interventions({ grants }: SiteServices, { tenant, principal }: RequestContext): Pick<ShellProps, 'interventions'> {
  const open = grants.openOn(tenant.id)
  const own = principal.entry?.kind === 'grant'
  if (open.length === 0 || !(own || opensAdministration(principal))) return {}
  return { interventions: { own, readOnly: principal.readOnly === true, list: open.map(({ operatorName, reason, endsAt = 0 }) => ({ operator: operatorName, reason, until: new Date(endsAt).toISOString() })) } }
}

/** The page of a request of the kernel's own, with the notice that came along. */
export function framedAnswer(services: SiteServices, request: IncomingMessage, response: ServerResponse, page: Omit<Framed, 'notice'>): string {
  const context = requestContext(request)
  return frame(services, context, pathOf(request.url ?? '/'), { ...page, notice: takeNotice(services.notices, request, response, context) })
}

/** The menu of an area: the pages of plugins that ask to be in it, as far as this person may open them. */
function menuOf(services: SiteServices, { tenant, principal, locale }: RequestContext, area: Area, path: string): readonly MenuItem[] {
  const t = translator(locale)
  switch (area) {
    case 'plain': return []
    case 'console': return [
      { href: '/', label: t('console.title'), current: path === '/' || path.startsWith('/collectivites/') },
      { href: '/modules', label: t('console.catalogue'), current: path === '/modules' || path.startsWith('/modules/') },
      { href: '/etat', label: t('health.title'), current: path === '/etat' || path.startsWith('/etat/') },
      { href: '/noeuds', label: t('nodes.title'), current: path === '/noeuds' },
      { href: '/labels', label: t('labels.title'), current: path === '/labels' || path.startsWith('/labels/') },
      { href: '/seuil', label: t('threshold.title'), current: path === '/seuil' },
    ]
    case 'admin': return adminMenu(t, path, tenant.info.kind === 'pool')
    case 'guichet':
    case 'bureau': {
      const home = area === 'bureau' ? { href: '/bureau', label: t('bureau.menu.home') } : { href: '/', label: t('guichet.menu.home') }
      const audiences = area === 'bureau' ? ['agent', 'admin'] : ['public', 'citizen']
      const pages = services.installations.modules(tenant.id).releases.flatMap((release) =>
        release.registrations.endpoints.flatMap((endpoint) => {
          if ((endpoint.kind !== 'page' && endpoint.kind !== 'form') || endpoint.menu === undefined || endpoint.title === undefined) return []
          if (!audiences.includes(endpoint.audience)) return []
          if (endpoint.permission !== undefined && !principal.permissions.has(`${release.manifest.id}/${endpoint.permission}`)) return []
          return [{ order: endpoint.menu, href: `/apps/${release.manifest.path}${endpoint.path}`, label: translatorOf(release, locale)(endpoint.title) }]
        }))
      const items = [home, ...pages.toSorted((a, b) => a.order - b.order)]
      // The longest matching address is where the reader is: "/apps/x/" is not current on "/apps/x/y" when that has an entry of its own.
      const current = items.map(({ href }) => href).filter((href) => path === href || (href.length > 1 && path.startsWith(href.endsWith('/') ? href : `${href}/`))).toSorted((a, b) => b.length - a.length)[0]
      return items.map(({ href, label }) => ({ href, label, current: href === current }))
    }
    default: return area satisfies never
  }
}
