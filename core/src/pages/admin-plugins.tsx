import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, ButtonLink, EmptyState, Page } from '@liberacces/sdk/ui'
import { LabelCell, type LabelItem } from './label-cell.tsx'
import { PluginState, type PluginStateName } from './plugin-state.tsx'
import { ScopeList } from './scope-list.tsx'
import { TechnicalDetail } from './technical-detail.tsx'
import { useTranslate } from './translate.ts'

/** A plugin in a tenant's catalogue. */
export interface PluginItem {
  readonly id: string
  readonly title: string
  readonly description?: string
  readonly version: string
  readonly publisher: string
  readonly label: LabelItem
  readonly state: PluginStateName
  /** What it asks for, as in its manifest. */
  readonly scopes: readonly string[]
  /** Whether the Pool lets this tenant use it. */
  readonly granted: boolean
  readonly hasSettings: boolean
  /** Newest version that comes after the one that runs. */
  readonly newer?: string
  /** Version that waits for the administrator's consent. */
  readonly waiting?: string
  /** Titles of active plugins that need it: it cannot be switched off then. */
  readonly neededBy: readonly string[]
  /** What went wrong, in English: it is for who mends it. */
  readonly problem?: string
}

/** The catalogue of a tenant. Posts to `/admin/modules/:id/activer` and `…/desactiver`. */
export interface AdminPluginsPageProps {
  readonly plugins: readonly PluginItem[]
}

/** The plugins a tenant can have, each with what it asks for and a button. */
export function AdminPluginsPage({ plugins }: AdminPluginsPageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('admin.menu.plugins')} intro={<p>{t('plugins.intro')}</p>} breadcrumb={[{ label: t('admin.title'), href: '/admin' }]}>
      {plugins.length === 0
        ? <EmptyState title={t('plugins.empty')} />
        : <ul class="la-card-list plugin-list">{plugins.map((plugin) => <li key={plugin.id}><PluginCard {...plugin} /></li>)}</ul>}
    </Page>
  )
}

function PluginCard({ id, title, description, version, publisher, label, state, scopes, granted, hasSettings, newer, waiting, neededBy, problem }: PluginItem): JSX.Element {
  const t = useTranslate()
  const on = state === 'active' || state === 'degraded' || state === 'activating'
  const path = `/admin/modules/${id}`
  const about = t('plugins.about', { title })
  const next = waiting ?? newer
  return (
    <article class="la-card plugin">
      <div class="la-card-body">
        <div class="plugin-head"><h2 class="la-card-title">{title}</h2>{granted ? <PluginState state={state} /> : <Badge kind="neutral">{t('plugins.notGranted.state')}</Badge>}</div>
        <p class="la-card-meta">{t('plugins.version', { version, publisher })}</p>
        <p><LabelCell label={label} /></p>
        {description !== undefined && <p>{description}</p>}
        {next !== undefined && <p><Badge kind="info">{waiting === undefined ? t('plugins.newer', { to: next }) : t('plugins.waiting', { to: waiting })}</Badge></p>}
        {problem !== undefined && <><p class="la-error">{t('plugins.problem')}</p><TechnicalDetail message={problem} /></>}
        {/* Once it is on, its permissions have a page of their own. */}
        {!on && <><h3 class="plugin-asks">{t('plugins.asks')}</h3><ScopeList scopes={scopes} /></>}
        <div class="la-actions plugin-actions">
          {!on && !granted && <p class="la-hint">{t('plugins.notGranted')}</p>}
          {!on && granted && <ActionButton action={`${path}/activer`} kind="primary" label={t('plugins.enable')} subject={title} />}
          {on && (next === undefined
            ? <ButtonLink href={`${path}/versions`} subject={about}>{t('plugins.versions')}</ButtonLink>
            : <ButtonLink href={`${path}/versions?to=${encodeURIComponent(next)}`} kind="primary" subject={about}>{t('plugins.see', { to: next })}</ButtonLink>)}
          {on && <ButtonLink href={`${path}/autorisations`} subject={about}>{t('plugins.consent')}</ButtonLink>}
          {on && hasSettings && <ButtonLink href={`${path}/reglages`} subject={about}>{t('plugins.settings')}</ButtonLink>}
          {!on && state !== 'available' && <ButtonLink href={`${path}/suppression`} subject={about}>{t(state === 'purged' ? 'plugins.archives' : 'plugins.removal')}</ButtonLink>}
          {on && (neededBy.length > 0
            ? <p class="la-hint">{t('plugins.needed', { names: neededBy.join(', ') })}</p>
            : <ActionButton action={`${path}/desactiver`} kind="danger" label={t('plugins.disable')} subject={title} confirm={t('plugins.disable.confirm', { title })} />)}
        </div>
      </div>
    </article>
  )
}
