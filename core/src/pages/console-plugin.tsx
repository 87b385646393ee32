import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, ButtonLink, DataTable, Form, Notice, Page, Section, Select, Time } from '@liberacces/sdk/ui'
import type { LabelStanding } from '../labels/label-standing.ts'
import { LabelCell, type LabelItem } from './label-cell.tsx'
import { LabelDecision } from './label-decision.tsx'
import { errorWords } from './error-words.ts'
import { useTranslate } from './translate.ts'

/** A release of a plugin, and who runs it. */
export interface ReleaseItem {
  readonly version: string
  /** Where it came from, for people. */
  readonly source: string
  readonly digest?: string
  readonly loaded: boolean
  readonly tenants: number
  readonly label: LabelItem
}

/** A wave over all tenants. */
export interface WaveItem {
  readonly kind: 'upgrade' | 'rehearsal'
  readonly to: string
  readonly by: string
  /** ISO 8601. */
  readonly startedAt: string
  /** ISO 8601; absent while it is under way. */
  readonly endedAt?: string
  readonly total?: number
  readonly through: number
  readonly done: number
  readonly failed: number
  readonly waiting: number
  /** Sentences of the kernel, in English. */
  readonly problems: readonly { readonly tenant: string; readonly slug: string; readonly waits: boolean; readonly code?: string; readonly message: string }[]
  readonly error?: string
}

/** One plugin in the Pool's console. Posts `to` to `/modules/:id/repeter` and `…/mettre-a-jour`, and nothing to `…/arreter`. */
export interface ConsolePluginPageProps {
  readonly plugin: { readonly id: string; readonly title: string }
  /** Newest first. */
  readonly releases: readonly ReleaseItem[]
  readonly wave?: WaveItem
  /** Releases whose label was suspended or revoked. */
  readonly amiss: readonly LabelStanding[]
}

/** Releases of a plugin, and the wave that brings all tenants to one of them. */
export function ConsolePluginPage({ plugin: { id, title }, releases, wave, amiss }: ConsolePluginPageProps): JSX.Element {
  const t = useTranslate()
  const path = `/modules/${id}`
  const isRunning = wave !== undefined && wave.endedAt === undefined
  const versions = releases.map(({ version }) => version)
  return (
    <Page title={title} intro={<p><code>{id}</code></p>} breadcrumb={[{ label: t('console.title'), href: '/' }, { label: t('console.catalogue'), href: '/modules' }]}>
      <Section title={t('console.catalogue.versions')}>
        <DataTable
          caption={t('versions.title', { title })} rows={releases} rowKey={({ version }) => version} empty={t('plugins.empty')}
          columns={[
            { key: 'version', header: t('plugin.version') },
            { key: 'tenants', header: t('console.catalogue.tenants'), numeric: true },
            { key: 'loaded', header: t('console.plugin.loaded'), cell: ({ loaded }) => t(loaded ? 'yes' : 'no') },
            { key: 'label', header: t('labels.column'), cell: ({ label }) => <LabelCell label={label} /> },
            { key: 'source', header: t('console.plugin.source'), cell: ({ source }) => <span lang="en" class="breakable">{source}</span> },
            { key: 'digest', header: t('versions.digest'), cell: ({ digest }) => digest === undefined ? '—' : <code class="breakable">{digest}</code> },
          ]}
        />
      </Section>
      {amiss.map((standing) => <LabelDecision key={standing.version} standing={standing} />)}
      <Section title={t('wave.title')}>
        <p>{t('wave.intro')}</p>
        {wave !== undefined && <Wave path={path} wave={wave} />}
        {!isRunning && (
          <Form action={`${path}/mettre-a-jour`}>
            <Select name="to" label={t('versions.choose')} value={versions.find((version) => version === wave?.to) ?? versions[0] ?? ''} options={versions.map((version) => ({ value: version, label: version }))} />
            <div class="la-form-actions">
              <button type="submit" class="la-button la-button-secondary" formaction={`${path}/repeter`}>{t('wave.rehearse')}</button>
              <button type="submit" class="la-button la-button-primary">{t('wave.start')}</button>
            </div>
          </Form>
        )}
      </Section>
    </Page>
  )
}

function Wave({ path, wave }: { readonly path: string; readonly wave: WaveItem }): JSX.Element {
  const t = useTranslate()
  const { kind, to, by, startedAt, endedAt, total, through, done, failed, waiting, problems, error } = wave
  const isRunning = endedAt === undefined
  const noticeKind = isRunning ? 'info' : failed > 0 || error !== undefined ? 'warning' : 'success'
  return (
    <>
      <Notice kind={noticeKind} title={t(`wave.${kind}.${isRunning ? 'running' : 'ended'}`, { to })}>
        <p>{t('wave.by', { name: by })} <Time date={startedAt} withTime />.</p>
        {total !== undefined && isRunning && <p><progress max={total} value={through} aria-label={t('wave.progress')} /> {t('wave.through', { through, total })}</p>}
        <p>{t(`wave.${kind}.counts`, { done, failed, waiting })}</p>
        {total !== undefined && !isRunning && through < total && <p>{t('wave.left', { left: total - through })}</p>}
        {error !== undefined && <p lang="en">{error}</p>}
      </Notice>
      {isRunning && (
        <div class="la-actions">
          <ButtonLink href={path}>{t('wave.refresh')}</ButtonLink>
          <ActionButton action={`${path}/arreter`} kind="danger" label={t('wave.stop')} />
        </div>
      )}
      {problems.length > 0 && (
        <DataTable
          caption={t('wave.problems')} rows={problems} rowKey={({ slug }) => slug} empty=""
          columns={[
            { key: 'tenant', header: t('wave.tenant'), cell: ({ tenant, slug }) => <a href={`/collectivites/${slug}`}>{tenant}</a> },
            { key: 'waits', header: t('plugin.state'), cell: ({ waits }) => t(waits ? 'wave.waits' : 'wave.failed') },
            { key: 'message', header: t('wave.why'), cell: ({ code, message }) => <Why code={code} message={message} /> },
          ]}
        />
      )}
    </>
  )
}

/** What stood in the way at one tenant: in words where the error is one of ours, and what was said of it. */
function Why({ code, message }: { readonly code: string | undefined; readonly message: string }): JSX.Element {
  const t = useTranslate()
  const words = code === undefined ? undefined : errorWords(code)
  return <>{words !== undefined && <>{t(words.title)} <code>{code}</code><br /></>}<span lang="en" class="breakable">{message}</span></>
}
