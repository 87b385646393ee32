import { Choice, Type } from '@liberacces/sdk'
import { ActionButton, ButtonLink, DataTable, Notice, Page, Section } from '@liberacces/sdk/ui'
import type { BridgeRegistrar } from '../bridge-types.ts'
import { Link } from '../link.ts'
import type { Route } from '../route.ts'
import { listRoutes, removeRoute } from '../store/routes.ts'
import { saveRoute } from '../save-route.ts'

const KINDS = { working: 'success', resting: 'info', troubled: 'warning', stopped: 'warning' } as const
/** What somebody says of a route. @param patterns - examples of one */
const routeSchema = (patterns: readonly string[]) => Type.Object({
  contract: Type.String({ minLength: 1, maxLength: 200, examples: ['fr.liberacces.certification.said/v1'] }),
  place: Type.String({ minLength: 1, maxLength: 200 }),
  pattern: Type.String({ maxLength: 200, default: '', examples: patterns }),
})
/** By a routing key. */
const OutSchema = routeSchema(['{type}'])
/** By the type that the contract has on the bus; without one, by its own name. */
const InSchema = routeSchema([''])

/** The administrator's page: how the link is doing, what leaves, what enters. */
export function registerBridgePages(k: BridgeRegistrar): void {
  k.page({ path: '/', audience: 'admin', permission: 'bridge.manage', title: 'page.bridge', menu: 61 }, async (c) => {
    const routes = await listRoutes(c.db)
    const health = c.health(Link)
    const events = await c.knownEvents()
    const table = (direction: Route['direction']) => (
      <DataTable<Route>
        caption={c.t(`table.${direction}`)} empty={c.t(`table.${direction}.empty`)} rows={routes.filter((route) => route.direction === direction)} rowKey={(row) => row.id}
        columns={[
          { key: 'contract', header: c.t('field.contract'), cell: (row) => <code>{row.contract}</code> },
          { key: 'place', header: c.t(`column.place.${direction}`), cell: (row) => <code>{row.place}</code> },
          { key: 'pattern', header: c.t(`column.pattern.${direction}`), cell: (row) => <code>{row.pattern || '—'}</code> },
          { key: 'remove', header: c.t('column.action'), cell: (row) => <ActionButton action={c.url(`/routes/${row.id}/supprimer`)} label={c.t('action.remove')} subject={row.contract} confirm={c.t('action.remove.confirm')} kind="danger" /> },
        ]}
      />
    )
    return (
      <Page title={c.t('page.bridge')} actions={<>
        <ButtonLink kind="primary" href={c.url('/sorties/nouvelle')}>{c.t('action.new-out')}</ButtonLink>
        <ButtonLink href={c.url('/entrees/nouvelle')}>{c.t('action.new-in')}</ButtonLink>
        <ButtonLink href="/admin/modules/fr.liberacces.bridge/reglages">{c.t('action.settings')}</ButtonLink>
      </>}>
        <p>{c.t('page.bridge.intro')}</p>
        <Notice kind={KINDS[health.state]}>{health.text ?? c.t(c.settings.host === '' ? 'health.unset' : `health.${health.state}`)}</Notice>
        <Section title={c.t('section.out')}>{table('out')}</Section>
        <Section title={c.t('section.in')}>{table('in')}</Section>
        <Section title={c.t('section.events')}>
          <DataTable
            caption={c.t('table.events')} empty={c.t('table.events.empty')} rows={[...events]} rowKey={(row) => row.id}
            columns={[
              { key: 'id', header: c.t('field.contract'), cell: (row) => <code>{row.id}</code> },
              { key: 'emittedBy', header: c.t('column.emitted'), cell: (row) => row.emittedBy.join(', ') || '—' },
              { key: 'heardBy', header: c.t('column.heard'), cell: (row) => row.heardBy.join(', ') || '—' },
            ]}
          />
        </Section>
      </Page>
    )
  })
  k.form({ path: '/sorties/nouvelle', audience: 'admin', permission: 'bridge.manage', schema: OutSchema, title: 'page.new-out', intro: 'page.new-out.intro', submit: 'action.save' }, async (c, data) => {
    const problems = await saveRoute(c, { direction: 'out', ...data })
    return problems === undefined ? c.redirect('/', 'done.save') : c.invalid(problems)
  }, async () => ({ pattern: '{type}' }))
  k.form({ path: '/entrees/nouvelle', audience: 'admin', permission: 'bridge.manage', schema: InSchema, title: 'page.new-in', intro: 'page.new-in.intro', submit: 'action.save' }, async (c, data) => {
    const problems = await saveRoute(c, { direction: 'in', ...data })
    return problems === undefined ? c.redirect('/', 'done.save') : c.invalid(problems)
  })
  k.action({ path: '/routes/:id/supprimer', audience: 'admin', permission: 'bridge.manage' }, async (c, { params }) => {
    if (!(await removeRoute(c, params['id'] ?? ''))) return c.notFound()
    c.wake(Link)
    return c.redirect('/', 'done.remove')
  })
  const Listed = Type.Array(Type.Object({ id: Type.String(), direction: Type.String(), contract: Type.String(), place: Type.String(), pattern: Type.String() }))
  k.command({ name: 'routes', summary: 'list what crosses the bridge', output: Listed }, async (c) => (await listRoutes(c.db)).map((route) => ({ ...route })))
  k.command({ name: 'add', summary: 'let a contract cross: out to an exchange (place) by a routing key (pattern), or in from a queue (place) by a type on the bus (pattern)', input: Type.Object({ direction: Choice(['out', 'in']), ...InSchema.properties }), output: Listed }, async (c, input) => {
    const problems = await saveRoute(c, input)
    if (problems !== undefined) throw new Error(Object.values(problems).join(' '))
    return (await listRoutes(c.db)).map((route) => ({ ...route }))
  })
  k.command({ name: 'remove', summary: 'let it cross no more', input: Type.Object({ id: Type.String() }), output: Listed }, async (c, { id }) => {
    await removeRoute(c, id)
    c.wake(Link)
    return (await listRoutes(c.db)).map((route) => ({ ...route }))
  })
  k.command({ name: 'health', summary: 'say how the link to the bus is doing', output: Type.Object({ state: Type.String(), text: Type.Union([Type.String(), Type.Null()]), since: Type.String() }) }, async (c) => {
    const { state, text, since } = c.health(Link)
    return { state, text: text ?? null, since: since.toISOString() }
  })
}
