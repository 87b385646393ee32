import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, ButtonLink, DataTable, Page, Time } from '@liberacces/sdk/ui'
import { useTranslate } from './translate.ts'

/** Something that a node has under way, with names for people. */
export type NodeTask =
  | { readonly kind: 'enable' | 'disable' | 'upgrade' | 'rollback' | 'archive' | 'purge'; readonly plugin: string; readonly tenant: string }
  | { readonly kind: 'wave'; readonly wave: 'upgrade' | 'rehearsal'; readonly plugin: string; readonly to: string; readonly through: number; readonly total?: number }
  | { readonly kind: 'run'; readonly schedule: string; readonly plugin: string; readonly tenant: string }

/** A process of the platform. */
export interface NodeItem {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly isThis: boolean
  readonly version: string
  /** Absent while it answers nobody. */
  readonly address?: string
  /** ISO 8601. */
  readonly since: string
  /** Whole seconds since its last sign of life. */
  readonly silentSeconds: number
  /** Whether that is longer than a living one is silent. */
  readonly isQuiet: boolean
  /** Whole seconds that its clock is ahead; 0 where that is too little to tell. */
  readonly clockAheadSeconds: number
  readonly load?: { readonly busyPercent: number; readonly requests: number; readonly calls: number; readonly megabytes: number }
  /** Releases in memory, the first of them by name. */
  readonly loaded?: { readonly names: readonly string[]; readonly count: number }
  readonly tasks: readonly NodeTask[]
  /** Tasks beyond those. */
  readonly moreTasks: number
}

/** The processes that serve the platform, and what each is at. */
export function ConsoleNodesPage({ nodes }: { readonly nodes: readonly NodeItem[] }): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('nodes.title')} intro={<p>{t('nodes.intro')}</p>} breadcrumb={[{ label: t('console.title'), href: '/' }]} actions={<ButtonLink href="/noeuds">{t('nodes.refresh')}</ButtonLink>}>
      <DataTable
        caption={t('nodes.caption')} rows={nodes} rowKey={({ id }) => id} empty={t('nodes.empty')}
        columns={[
          { key: 'host', header: t('nodes.host'), cell: (node) => <Name node={node} /> },
          { key: 'address', header: t('nodes.address'), cell: ({ address }) => address === undefined ? t('nodes.serves.not') : <span class="breakable">{address}</span> },
          { key: 'version', header: t('nodes.version') },
          { key: 'since', header: t('nodes.since'), cell: ({ since }) => <Time date={since} withTime /> },
          { key: 'beat', header: t('nodes.beat'), cell: ({ silentSeconds, isQuiet }) => <>{t('nodes.beat.ago', { seconds: silentSeconds })} {isQuiet && <Badge kind="error">{t('nodes.quiet')}</Badge>}</> },
          { key: 'load', header: t('nodes.load'), cell: ({ load }) => <Load load={load} /> },
          { key: 'doing', header: t('nodes.doing'), cell: (node) => <Doing node={node} /> },
        ]}
      />
    </Page>
  )
}

function Name({ node: { host, pid, isThis, clockAheadSeconds } }: { readonly node: NodeItem }): JSX.Element {
  const t = useTranslate()
  return (
    <>
      <strong class="breakable">{host}</strong><br />{t('nodes.process', { pid: String(pid) })} {isThis && <Badge kind="info">{t('nodes.this')}</Badge>}
      {clockAheadSeconds !== 0 && <><br />{t(clockAheadSeconds > 0 ? 'nodes.clock.ahead' : 'nodes.clock.behind', { seconds: Math.abs(clockAheadSeconds) })}</>}
    </>
  )
}

function Load({ load }: { readonly load: NodeItem['load'] }): JSX.Element {
  const t = useTranslate()
  if (load === undefined) return <>{t('nodes.load.unknown')}</>
  return (
    <ul class="plain-list">
      <li>{t('nodes.load.busy', { percent: load.busyPercent })}</li>
      <li>{t('nodes.load.requests', { count: load.requests })}</li>
      <li>{t('nodes.load.calls', { count: load.calls })}</li>
      <li>{t('nodes.load.memory', { megabytes: load.megabytes })}</li>
    </ul>
  )
}

function Doing({ node: { tasks, moreTasks, loaded } }: { readonly node: NodeItem }): JSX.Element {
  const t = useTranslate()
  const said = (task: NodeTask): string => {
    switch (task.kind) {
      case 'wave': return t(`nodes.doing.wave.${task.wave}`, { plugin: task.plugin, to: task.to, through: task.through, total: task.total === undefined ? '…' : String(task.total) })
      case 'run': return t('nodes.doing.run', { schedule: task.schedule, plugin: task.plugin, tenant: task.tenant })
      default: return t(`nodes.doing.${task.kind}`, { plugin: task.plugin, tenant: task.tenant })
    }
  }
  return (
    <>
      <ul class="plain-list">
        {tasks.length === 0 && <li>{t('nodes.doing.nothing')}</li>}
        {tasks.map((task) => <li key={said(task)}>{said(task)}</li>)}
        {moreTasks > 0 && <li>{t('nodes.doing.more', { count: moreTasks })}</li>}
      </ul>
      {loaded !== undefined && (
        <details>
          <summary>{t('nodes.doing.loaded', { count: loaded.count })}</summary>
          <ul class="plain-list">
            {loaded.names.map((name) => <li key={name} class="breakable">{name}</li>)}
            {loaded.count > loaded.names.length && <li>{t('nodes.doing.more', { count: loaded.count - loaded.names.length })}</li>}
          </ul>
        </details>
      )}
    </>
  )
}
