import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, Badge, ButtonLink, DataTable, DescriptionList, Form, Notice, Page, Section, Select, TextInput, Time } from '@liberacces/sdk/ui'
import { memoryText, RuntimeText, SeenByText, type ReleaseHealthItem, type SeenBy } from './console-health.tsx'
import { CrashReason } from './crash-reason.tsx'
import { ReleaseStateBadge } from './release-state.tsx'
import { useTranslate } from './translate.ts'

/** What keeps a plugin, or one version of it, from running. */
export interface HaltItem {
  /** Left out for every version. */
  readonly version?: string
  readonly kind: 'stopped' | 'quarantined'
  /** ISO 8601. */
  readonly since: string
  readonly reason: string
  readonly by: string
}

/** A tenant for which a plugin is not tried just now. */
export interface BreakerItem {
  readonly tenant: string
  readonly slug: string
  /** ISO 8601. */
  readonly since: string
  /** ISO 8601. */
  readonly until: string
  readonly why: string
}

/** A worker of the plugin on one tenant. */
export interface WorkerItem {
  readonly tenant: string
  readonly slug: string
  readonly worker: string
  readonly version: string
  readonly state: 'resting' | 'working' | 'troubled' | 'stopped'
  /** ISO 8601. */
  readonly since: string
  /** Why its run failed last, in English. */
  readonly error?: string
  /** Since when it waits for nothing that the platform knows of, ISO 8601. */
  readonly astraySince?: string
}

/** One plugin's health. Posts to `/etat/:id/arreter` (`version`, `reason`), `…/remettre` (`version`), `…/relancer` (`version`) and `…/reessayer`. */
export interface ConsolePluginHealthPageProps {
  readonly plugin: { readonly id: string; readonly title: string }
  readonly releases: readonly ReleaseHealthItem[]
  readonly halts: readonly HaltItem[]
  readonly breakers: readonly BreakerItem[]
  /** The latest first; ISO 8601. */
  readonly crashes: readonly { readonly version: string; readonly at: string; readonly why: string; readonly place: string }[]
  /** Those of this node: how many, and the first of them, those in trouble before others. */
  readonly workers: { readonly count: number; readonly shown: readonly WorkerItem[] }
  readonly seenBy: SeenBy
  readonly form?: { readonly reason: string; readonly version: string; readonly error: string }
}

const WORKER_BADGE = { resting: 'neutral', working: 'success', troubled: 'warning', stopped: 'neutral' } as const

/** How one plugin is, release by release, and what an operator can do. */
export function ConsolePluginHealthPage({ plugin: { id, title }, releases, halts, breakers, crashes, workers, seenBy, form }: ConsolePluginHealthPageProps): JSX.Element {
  const t = useTranslate()
  const path = `/etat/${id}`
  return (
    <Page
      title={t('health.of', { title })} intro={<p><code>{id}</code></p>}
      breadcrumb={[{ label: t('console.title'), href: '/' }, { label: t('health.title'), href: '/etat' }]}
      actions={<ButtonLink href={`/modules/${id}`}>{t('health.releases')}</ButtonLink>}
    >
      {halts.map((halt) => (
        <Notice key={`${halt.kind} ${halt.version ?? ''}`} kind="error" title={t(`health.halt.${halt.kind}`, { version: halt.version === undefined ? t('health.version.all') : t('health.version.one', { version: halt.version }) })}>
          <p><Time date={halt.since} withTime /> – {halt.by}</p>
          <p class="breakable">{t('health.reason')} {halt.reason}</p>
          <Form action={`${path}/remettre`}>
            <input type="hidden" name="version" value={halt.version ?? ''} />
            <div class="la-form-actions"><button type="submit" class="la-button la-button-primary">{t('health.start')}</button></div>
          </Form>
        </Notice>
      ))}
      {releases.map((release) => (
        <Section key={release.version} title={t('health.version.title', { version: release.version })}>
          <DescriptionList items={factsOf(release, t)} />
          {release.runtime === 'process' && release.pid !== undefined && (
            <Form action={`${path}/relancer`}>
              <input type="hidden" name="version" value={release.version} />
              {release.group !== undefined && <p class="la-hint">{t(release.group.isApart ? 'health.restart.apart' : 'health.restart.shared', { group: release.group.name })}</p>}
              <div class="la-form-actions"><button type="submit" class="la-button la-button-secondary">{t('health.restart')}</button></div>
            </Form>
          )}
        </Section>
      ))}
      {breakers.length > 0 && (
        <Section title={t('health.breakers')}>
          <p>{t('health.breakers.intro')}</p>
          <DataTable
            caption={t('health.breakers')} rows={breakers} rowKey={({ slug }) => slug}
            columns={[
              { key: 'tenant', header: t('wave.tenant'), cell: ({ tenant, slug }) => <a href={`/collectivites/${slug}`}>{tenant}</a> },
              { key: 'since', header: t('health.since'), cell: ({ since }) => <Time date={since} withTime /> },
              { key: 'until', header: t('health.nextTry'), cell: ({ until }) => <Time date={until} withTime /> },
              { key: 'why', header: t('wave.why'), cell: ({ why }) => <span lang="en" class="breakable">{why}</span> },
            ]}
          />
          <div class="la-actions"><ActionButton action={`${path}/reessayer`} label={t('health.tryNow')} /></div>
        </Section>
      )}
      {workers.count > 0 && <Section title={t('health.workers')}><WorkerTable {...workers} /></Section>}
      <p class="la-hint">
        <SeenByText {...seenBy} />
        {seenBy.isOneOfSeveral && <> {t('health.actsHere', { restart: t('health.restart'), tryNow: t('health.tryNow') })}</>}
      </p>
      {crashes.length > 0 && (
        <Section title={t('health.crashes')}>
          <DataTable
            caption={t('health.crashes')} rows={crashes} rowKey={({ at, version }) => `${at} ${version}`}
            columns={[
              { key: 'at', header: t('health.when'), cell: ({ at }) => <Time date={at} withTime /> },
              { key: 'version', header: t('plugin.version') },
              { key: 'place', header: t('health.place') },
              { key: 'why', header: t('wave.why'), cell: ({ why }) => <CrashReason why={why} /> },
            ]}
          />
        </Section>
      )}
      <Section title={t('health.stop.title')}>
        <p>{t('health.stop.intro')}</p>
        <Form action={`${path}/arreter`}>
          <Select
            name="version" label={t('plugin.version')} value={form?.version ?? ''}
            options={[{ value: '', label: t('health.version.all') }, ...releases.map(({ version }) => ({ value: version, label: version }))]}
          />
          <TextInput name="reason" label={t('health.stop.reason')} hint={t('health.stop.reason.hint')} value={form?.reason ?? ''} {...(form === undefined ? {} : { error: form.error })} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-danger">{t('health.stop')}</button></div>
        </Form>
      </Section>
    </Page>
  )
}

function WorkerTable({ count, shown }: ConsolePluginHealthPageProps['workers']): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <p>{t('health.workers.intro')}</p>
      <DataTable
        caption={t('health.workers')} rows={shown} rowKey={({ slug, worker }) => `${slug} ${worker}`}
        columns={[
          { key: 'tenant', header: t('wave.tenant'), cell: ({ tenant, slug }) => <a href={`/collectivites/${slug}`}>{tenant}</a> },
          { key: 'worker', header: t('health.worker'), cell: ({ worker }) => <code>{worker}</code> },
          { key: 'version', header: t('plugin.version') },
          { key: 'state', header: t('plugin.state'), cell: ({ state }) => <Badge kind={WORKER_BADGE[state]}>{t(`health.worker.${state}`)}</Badge> },
          { key: 'since', header: t('health.since'), cell: ({ since }) => <Time date={since} withTime /> },
          { key: 'error', header: t('wave.why'), cell: ({ error, astraySince }) => <>{astraySince !== undefined && <>{t('health.worker.astray')} <Time date={astraySince} withTime />. </>}{error !== undefined && <span lang="en" class="breakable">{error}</span>}</> },
        ]}
      />
      {count > shown.length && <p class="la-hint">{t('health.workers.more', { count: count - shown.length })}</p>}
    </>
  )
}

function factsOf(release: ReleaseHealthItem, t: ReturnType<typeof useTranslate>): readonly { readonly term: string; readonly description: JSX.Element }[] {
  const { state, paused, group, walls, calls, failures, p50Ms, p95Ms, restarts, lastCrash } = release
  const memory = memoryText(release, t)
  const fact = (term: Parameters<typeof t>[0], description: JSX.Element | string) => ({ term: t(term), description: <>{description}</> })
  const ms = (count: number): string => t('health.milliseconds', { count })
  return [
    fact('plugin.state', <ReleaseStateBadge state={state} paused={paused} />),
    fact('health.runtime', <RuntimeText {...release} />),
    ...(group === undefined || group.with.length === 0 ? [] : [fact('health.group.with', group.with.join(', '))]),
    ...(memory === undefined ? [] : [fact('health.memory', memory)]),
    ...(walls.length === 0 ? [] : [fact('health.walls', walls.map((wall) => t(`health.wall.${wall}`)).join(', '))]),
    fact('health.calls', t('health.calls.of', { calls, failures })),
    ...(p50Ms === undefined || p95Ms === undefined ? [] : [fact('health.timings', t('health.timings.of', { p50: ms(p50Ms), p95: ms(p95Ms) }))]),
    ...(release.runtime === 'inline' ? [] : [fact('health.restarts', String(restarts))]),
    ...(lastCrash === undefined ? [] : [fact('health.lastCrash', <><Time date={lastCrash.at} withTime /> – <CrashReason why={lastCrash.why} /></>)]),
  ]
}
