import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { DataTable, Notice, Page, Time } from '@liberacces/sdk/ui'
import type { ReleaseState } from '../health/health.ts'
import type { WallId } from '../process/box/wall.ts'
import { CrashReason } from './crash-reason.tsx'
import { ReleaseStateBadge } from './release-state.tsx'
import { useTranslate } from './translate.ts'

/** One release as the Pool's operators see it. */
export interface ReleaseHealthItem {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly state: ReleaseState
  readonly runtime: 'inline' | 'process' | 'remote'
  readonly pid?: number
  /** Of plugins that share a process; `with`: titles of the others in it. */
  readonly group?: { readonly name: string; readonly isApart: boolean; readonly with: readonly string[] }
  /** Megabytes, of its process. */
  readonly memoryMb?: number
  /** Which stand around its process. */
  readonly walls: readonly WallId[]
  readonly calls: number
  readonly failures: number
  /** Milliseconds, of the last minutes. */
  readonly p50Ms?: number
  readonly p95Ms?: number
  readonly restarts: number
  /** ISO 8601. */
  readonly lastCrash?: { readonly at: string; readonly why: string; readonly place: string }
  /** Tenants for which it is not tried just now. */
  readonly paused: number
}

/** Which process the figures are of. */
export interface SeenBy {
  readonly host: string
  readonly pid: number
  /** Whether there are others, whose figures are not here. */
  readonly isOneOfSeveral: boolean
}

/** The health of all releases, as one process sees it. */
export interface ConsoleHealthPageProps {
  readonly releases: readonly ReleaseHealthItem[]
  readonly seenBy: SeenBy
}

/** How every plugin is: what runs where, how fast, what crashed, what is stopped. */
export function ConsoleHealthPage({ releases, seenBy }: ConsoleHealthPageProps): JSX.Element {
  const t = useTranslate()
  const amiss = releases.filter(({ state, paused }) => state !== 'ready' || paused > 0)
  return (
    <Page title={t('health.title')} intro={<p>{t('health.intro')}</p>} breadcrumb={[{ label: t('console.title'), href: '/' }]}>
      {amiss.length === 0
        ? <Notice kind="success"><p>{t('health.well')}</p></Notice>
        : (
            <Notice kind="warning" title={t('health.amiss', { count: amiss.length })}>
              <ul>{amiss.map(({ id, title, version, state, paused }) => <li key={`${id} ${version}`}><a href={`/etat/${id}`}>{title} {version}</a> – {t(state === 'ready' ? 'health.paused.count' : `health.state.${state}`, { count: paused })}</li>)}</ul>
            </Notice>
          )}
      <DataTable
        caption={t('health.caption')} rows={releases} rowKey={({ id, version }) => `${id} ${version}`} empty={t('plugins.empty')}
        columns={[
          { key: 'title', header: t('plugin.name'), cell: ({ id, title, version }) => <a href={`/etat/${id}`}>{title} {version}</a> },
          { key: 'state', header: t('plugin.state'), cell: ({ state, paused }) => <ReleaseStateBadge state={state} paused={paused} /> },
          { key: 'runtime', header: t('health.runtime'), cell: (release) => <RuntimeText {...release} /> },
          { key: 'memoryMb', header: t('health.memory'), numeric: true, cell: (release) => memoryText(release, t) ?? '—' },
          { key: 'calls', header: t('health.calls'), numeric: true, cell: ({ calls, failures }) => <>{t('health.count', { count: calls })}{failures > 0 && <><br />{t('health.calls.failed', { count: failures })}</>}</> },
          { key: 'p50Ms', header: t('health.timings.short'), numeric: true, cell: ({ p50Ms, p95Ms }) => p50Ms === undefined || p95Ms === undefined ? '—' : <>{t('health.milliseconds', { count: p50Ms })}<br />{t('health.milliseconds', { count: p95Ms })}</> },
          { key: 'restarts', header: t('health.crashes'), cell: ({ restarts, lastCrash }) => lastCrash === undefined && restarts === 0 ? '—' : <Crashes restarts={restarts} {...(lastCrash === undefined ? {} : { lastCrash })} /> },
        ]}
      />
      <p class="la-hint"><SeenByText {...seenBy} /></p>
    </Page>
  )
}

/** Whose figures a page shows. */
export function SeenByText({ host, pid, isOneOfSeveral }: SeenBy): JSX.Element {
  const t = useTranslate()
  return <>{t(isOneOfSeveral ? 'health.seenBy.several' : 'health.seenBy', { host, pid: String(pid) })}</>
}

/** Where a release runs. */
export function RuntimeText({ runtime, pid, group }: Pick<ReleaseHealthItem, 'runtime' | 'pid' | 'group'>): JSX.Element {
  const t = useTranslate()
  const where = group?.isApart === false ? t('health.runtime.shared', { group: group.name }) : t(`health.runtime.${runtime}`)
  return (
    <>
      {where}{pid !== undefined && <> ({t('health.pid', { pid: String(pid) })})</>}
      {group?.isApart === true && <>{t('health.group.apart', { group: group.name })}</>}
    </>
  )
}

/** Memory of a release's process. */
export function memoryText({ memoryMb, group }: Pick<ReleaseHealthItem, 'memoryMb' | 'group'>, t: ReturnType<typeof useTranslate>): string | undefined {
  return memoryMb === undefined ? undefined : t(group?.isApart === false ? 'health.megabytes.shared' : 'health.megabytes', { count: memoryMb })
}

function Crashes({ restarts, lastCrash }: Pick<ReleaseHealthItem, 'restarts' | 'lastCrash'>): JSX.Element {
  const t = useTranslate()
  return (
    <>
      {lastCrash !== undefined && <><Time date={lastCrash.at} withTime /><br /><CrashReason why={lastCrash.why} /></>}
      {restarts > 0 && <>{lastCrash !== undefined && <br />}{t('health.restarts.count', { count: restarts })}</>}
    </>
  )
}
