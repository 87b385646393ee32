import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { ActionButton, DescriptionList, Form, Notice, Page, Section, Select, Time } from '@liberacces/sdk/ui'
import type { DifferenceSection } from '../consent/difference-text.ts'
import { KernelProblem, type ShownProblem } from './kernel-problem.tsx'
import { PluginState, type PluginStateName } from './plugin-state.tsx'
import { useTranslate } from './translate.ts'

/** How a rehearsal on a copy of the data went. */
export interface RehearsalResult {
  readonly go: boolean
  readonly migrations: readonly string[]
  readonly problems: readonly ShownProblem[]
  readonly ms: number
}

/** An upgrade that could be done. */
export interface PossibleUpgrade {
  /** Versions to choose from, newest first. */
  readonly versions: readonly string[]
  /** The one that the page speaks of. */
  readonly to: string
  readonly difference: readonly DifferenceSection[]
  /** Optional scopes that nobody decided about yet: what they allow, and what is missing without. */
  readonly optional: readonly { readonly scope: string; readonly what: string; readonly without: string }[]
  /** Whether somebody must agree to more than what was agreed to. */
  readonly needsConsent: boolean
  readonly rehearsal?: RehearsalResult
}

/** The way back to the release before. */
export interface WayBackItem {
  readonly to: string
  /** When it was left, ISO 8601. */
  readonly leftAt: string
  /** Going back was asked for, and would lose what was written since. */
  readonly losesChanges?: boolean
}

/** Versions of one plugin at a tenant. Posts to `…/versions/repeter`, `…/versions/mettre-a-jour` (`to`, `accept` several) and `…/versions/revenir` (`discard`). */
export interface AdminPluginVersionsPageProps {
  readonly plugin: { readonly id: string; readonly title: string; readonly version: string; readonly digest?: string; readonly state: PluginStateName; readonly since: string }
  readonly upgrade?: PossibleUpgrade
  readonly wayBack?: WayBackItem
  /** What was refused. */
  readonly problem?: ShownProblem
}

/** Which version runs, what a newer one would change, and the way back. */
export function AdminPluginVersionsPage({ plugin, upgrade, wayBack, problem }: AdminPluginVersionsPageProps): JSX.Element {
  const t = useTranslate()
  const { title } = plugin
  const path = `/admin/modules/${plugin.id}/versions`
  return (
    <Page title={t('versions.title', { title })} breadcrumb={[{ label: t('admin.title'), href: '/admin' }, { label: t('admin.menu.plugins'), href: '/admin/modules' }]}>
      {upgrade?.rehearsal !== undefined && <Rehearsal to={upgrade.to} rehearsal={upgrade.rehearsal} />}
      {problem !== undefined && <Notice kind="error" title={t('versions.refused')}><KernelProblem {...problem} /></Notice>}
      <DescriptionList
        items={[
          { term: t('plugin.version'), description: plugin.version },
          { term: t('plugin.state'), description: <PluginState state={plugin.state} /> },
          { term: t('versions.since'), description: <Time date={plugin.since} withTime /> },
          ...(plugin.digest === undefined ? [] : [{ term: t('versions.digest'), description: <code class="breakable">{plugin.digest}</code> }]),
        ]}
      />
      {wayBack?.losesChanges === true && <Section title={t('versions.back')}><GoBack path={path} wayBack={wayBack} /></Section>}
      <Section title={t('versions.upgrade')}>
        {upgrade === undefined ? <p>{t('versions.newest')}</p> : <Upgrade path={path} from={plugin.version} upgrade={upgrade} />}
      </Section>
      {wayBack?.losesChanges !== true && (
        <Section title={t('versions.back')}>
          {wayBack === undefined ? <p>{t('versions.back.none')}</p> : <GoBack path={path} wayBack={wayBack} />}
        </Section>
      )}
    </Page>
  )
}

function Upgrade({ path, from, upgrade }: { readonly path: string; readonly from: string; readonly upgrade: PossibleUpgrade }): JSX.Element {
  const t = useTranslate()
  const { versions, to, difference, optional, needsConsent, rehearsal } = upgrade
  return (
    <>
      {versions.length > 1 && (
        <Form action={path} method="get">
          <Select name="to" label={t('versions.choose')} value={to} options={versions.map((version) => ({ value: version, label: version }))} />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-secondary">{t('versions.show')}</button></div>
        </Form>
      )}
      <p>{t(difference.length === 0 ? 'versions.nothing-new' : 'versions.from-to', { from, to })}</p>
      {difference.map(({ about, title, sentences }) => (
        <Section key={about} title={title} level={3}><ul>{sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul></Section>
      ))}
      <Form action={`${path}/mettre-a-jour`}>
        <input type="hidden" name="to" value={to} />
        {optional.length > 0 && (
          <fieldset class="la-field la-fieldset">
            <legend>{t('versions.optional')}</legend>
            {optional.map(({ scope, what, without }) => (
              <div key={scope} class="la-choice">
                <input id={`accept-${scope}`} type="checkbox" name="accept" value={scope} checked aria-describedby={`accept-${scope}-hint`} />
                <label for={`accept-${scope}`}>{what}</label>
                <p class="la-hint" id={`accept-${scope}-hint`}>{t('versions.without', { without })}</p>
              </div>
            ))}
          </fieldset>
        )}
        <p class="la-hint">{t('versions.hint')}</p>
        <div class="la-form-actions">
          <button type="submit" class="la-button la-button-secondary" formaction={`${path}/repeter`}>{t('versions.rehearse')}</button>
          <button type="submit" class={`la-button la-button-${rehearsal?.go === false ? 'secondary' : 'primary'}`}>{t(needsConsent ? 'versions.accept-and-upgrade' : 'versions.do', { to })}</button>
        </div>
      </Form>
    </>
  )
}

function Rehearsal({ to, rehearsal: { go, migrations, problems, ms } }: { readonly to: string; readonly rehearsal: RehearsalResult }): JSX.Element {
  const t = useTranslate()
  if (!go) return <Notice kind="warning" title={t('versions.no-go', { to })}><p>{t('versions.no-go.advice')}</p><ul>{problems.map((problem) => <li key={problem.message}><KernelProblem {...problem} /></li>)}</ul></Notice>
  return <Notice kind="success" title={t('versions.go', { to })}><p>{t('versions.go.detail', { migrations: migrations.length, ms })}</p></Notice>
}

function GoBack({ path, wayBack: { to, leftAt, losesChanges = false } }: { readonly path: string; readonly wayBack: WayBackItem }): JSX.Element {
  const t = useTranslate()
  if (losesChanges) {
    return (
      <>
        <Notice kind="warning" title={t('versions.back.loses', { to })}><p>{t('versions.back.loses.detail')} <Time date={leftAt} withTime />.</p></Notice>
        <Form action={`${path}/revenir`}>
          <input type="hidden" name="discard" value="yes" />
          <div class="la-form-actions"><button type="submit" class="la-button la-button-danger">{t('versions.back.discard', { to })}</button></div>
        </Form>
      </>
    )
  }
  return (
    <>
      <p>{t('versions.back.intro', { to })} <Time date={leftAt} withTime />.</p>
      <ActionButton action={`${path}/revenir`} label={t('versions.back.do', { to })} confirm={t('versions.back.confirm', { to })} />
    </>
  )
}
