import type { Locale } from '@liberacces/sdk'
import { renderToHtml } from '@liberacces/sdk/host'
import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Form, Notice, Time, type PageProps } from '@liberacces/sdk/ui'
import { Coat } from './coat.tsx'
import { LabelAlerts, type LabelAlert } from './label-alerts.tsx'
import { translator, type Translate } from './translate.ts'

/** Part of the platform that a page belongs to. `plain` pages have no menu: login, errors. */
export type Area = 'guichet' | 'bureau' | 'admin' | 'console' | 'plain'

/** A link of the menu. */
export interface MenuItem {
  readonly label: string
  readonly href: string
  readonly current: boolean
}

/** The frame of every page. */
export interface ShellProps {
  readonly locale: Locale
  readonly tenant: {
    readonly name: string
    readonly slug: string
    readonly kind: 'pool' | 'epci' | 'commune' | 'satellite'
    /** `/theme.css` holds it (see `themeCss`); here it only makes that address change with the colour. */
    readonly theme: { readonly accent: string }
  }
  readonly audience: Area
  /** Title of the page, without the tenant's name. */
  readonly title: string
  /** Who is logged in. */
  readonly actor: { readonly name: string; readonly kind: string } | undefined
  /** Operators of the Pool who may be in here now, for administrators; and whether it is an operator who reads this. */
  readonly interventions?: { readonly own: boolean; readonly readOnly: boolean; readonly list: readonly { readonly operator: string; readonly reason: string; readonly until: string }[] }
  /** Releases whose labels were suspended or revoked, for administrators. */
  readonly labelAlerts?: readonly LabelAlert[]
  readonly menu: readonly MenuItem[]
  /** Shown once above the page. */
  readonly notice?: { readonly kind: 'info' | 'success' | 'warning' | 'error'; readonly text: string }
  /** What the operator says on every page; a line each paragraph. */
  readonly announcement?: string
  readonly csrfToken: string
  /** Addresses of the style sheet (`ui.css` of the kit, then `shell.css`), of what runs, and of the worker that keeps the page for times without a network. */
  readonly assets: { readonly css: string; readonly scripts: readonly string[]; readonly worker?: string | undefined }
  /** The page, as a component… */
  readonly children?: PageProps['children']
  /** …or as HTML that is safe already. */
  readonly bodyHtml?: string
  readonly canBureau: boolean
  readonly canAdmin: boolean
}

/** A whole HTML document. */
export function renderPage(props: ShellProps): string {
  return `<!doctype html>${renderToHtml(<Shell {...props} />, { locale: props.locale, csrfToken: props.csrfToken })}`
}

function Shell(props: ShellProps): JSX.Element {
  const { locale, tenant, audience, title, menu, notice, assets, children, bodyHtml } = props
  const t = translator(locale)
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${tenant.name}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assets.css} />
        <link rel="stylesheet" href={`/theme.css?v=${tenant.theme.accent.replace('#', '')}`} />
        {assets.worker !== undefined && <meta name="liberacces-offline" content={assets.worker} />}
        {assets.scripts.map((script) => <script key={script} type="module" src={script} />)}
      </head>
      {/* Turbo is there for frames that arrive late; links and forms stay the browser's. */}
      <body class={`shell shell-${audience}`} data-turbo="false">
        <a class="shell-skip" href="#contenu">{t('shell.skip')}</a>
        <Header {...props} t={t} />
        {menu.length > 0 && (
          <nav class="shell-menu" aria-label={t('shell.menu')}>
            <ul>{menu.map((item) => <li key={item.href}><a href={item.href} {...current(item.current)}>{item.label}</a></li>)}</ul>
          </nav>
        )}
        {props.labelAlerts !== undefined && props.labelAlerts.length > 0 && <LabelAlerts alerts={props.labelAlerts} t={t} />}
        {props.interventions !== undefined && <Interventions {...props.interventions} t={t} />}
        <main id="contenu" class="shell-main" tabIndex={-1}>
          {props.announcement !== undefined && <Notice kind="warning">{props.announcement.split('\n').map((line) => <p key={line}>{line}</p>)}</Notice>}
          {notice !== undefined && <Notice kind={notice.kind}><p>{notice.text}</p></Notice>}
          {bodyHtml === undefined ? children : <div dangerouslySetInnerHTML={{ __html: bodyHtml }} />}
        </main>
        <Footer {...props} t={t} />
      </body>
    </html>
  )
}

function Header({ tenant, audience, actor, canBureau, canAdmin, t }: ShellProps & { readonly t: Translate }): JSX.Element {
  const areas = [
    ...(tenant.kind === 'pool' ? [{ area: 'console', href: '/', label: t('shell.to.console') }] : [{ area: 'guichet', href: '/', label: t('shell.to.guichet') }]),
    ...(canBureau ? [{ area: 'bureau', href: '/bureau', label: t('shell.to.bureau') }] : []),
    ...(canAdmin ? [{ area: 'admin', href: '/admin', label: t('shell.to.admin') }] : []),
  ]
  return (
    <header class="shell-header">
      <div class="shell-bar">
        <a class="shell-brand" href="/">
          <Coat name={tenant.name} />
          <span class="shell-names">
            <span class="shell-name">{tenant.name}</span>
            <span class="shell-area">{t(`shell.area.${audience === 'plain' ? (tenant.kind === 'pool' ? 'console' : 'guichet') : audience}`)}</span>
          </span>
        </a>
        <div class="shell-tools">
          {areas.length > 1 && (
            <nav class="shell-areas" aria-label={t('shell.areas')}>
              <ul>{areas.map(({ area, href, label }) => <li key={area}><a href={href} {...current(area === audience, 'true')}>{label}</a></li>)}</ul>
            </nav>
          )}
          {actor === undefined
            ? audience !== 'plain' && <a class="shell-login" href="/auth/login">{t('shell.login')}</a>
            : (
              <div class="shell-user">
                <span class="shell-user-name"><span class="la-hidden-text">{t('shell.user')} </span><a href="/compte">{actor.name}</a></span>
                <Form action="/auth/logout"><button type="submit" class="shell-logout">{t('shell.logout')}</button></Form>
              </div>
            )}
        </div>
      </div>
    </header>
  )
}

function Interventions({ own, readOnly, list, t }: NonNullable<ShellProps['interventions']> & { readonly t: Translate }): JSX.Element {
  return (
    <aside class="shell-interventions" aria-label={t('grants.banner')}><div>
      <p><strong>{t('grants.banner')}</strong>{own && <> – {t(readOnly ? 'grants.banner.own.reads' : 'grants.banner.own.writes')}</>}</p>
      <ul>{list.map(({ operator, reason, until }) => <li key={`${operator} ${until}`}>{operator}{' : '}{reason} ({t('grants.until.small')} <Time date={until} withTime />)</li>)}</ul>
      {!own && <p><a href="/admin/interventions">{t('grants.banner.see')}</a></p>}
    </div></aside>
  )
}

function Footer({ locale, tenant, t }: ShellProps & { readonly t: Translate }): JSX.Element {
  const other = locale === 'fr' ? ({ lang: 'en', name: 'English' } as const) : ({ lang: 'fr', name: 'Français' } as const)
  return (
    <footer class="shell-footer">
      <div class="shell-bar">
        <p>{tenant.name}</p>
        <ul>
          <li><a href="/accessibilite">{t('shell.accessibility')}</a></li>
          <li><a href="/mentions-legales">{t('shell.legal')}</a></li>
          <li><a href={`?lang=${other.lang}`} lang={other.lang} hreflang={other.lang}>{other.name}</a></li>
        </ul>
      </div>
    </footer>
  )
}

function current(yes: boolean, value: 'page' | 'true' = 'page'): { readonly 'aria-current'?: 'page' | 'true' } {
  return yes ? { 'aria-current': value } : {}
}
