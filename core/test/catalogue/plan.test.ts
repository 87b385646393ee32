import type { Manifest } from '@liberacces/sdk/host'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planInstallations } from '../../src/catalogue/plan.ts'

function manifest(id: string, more: Partial<Manifest> = {}): Manifest {
  return {
    id: `fr.test.${id}`, version: '1.0.0', path: id, sdk: '*', license: 'MIT', title: { fr: id }, publisher: { name: 'Test', contact: 'x' },
    runtime: 'inline', limits: { memoryMb: 128, callMs: 5000 }, scopes: [], requires: {}, optional: {}, settings: {}, permissions: {}, roles: {}, migrations: [],
    emits: [], provides: [], handles: [], schedules: [], contributes: [], stores: [], ...more,
  }
}
const wish = (id: string, range = '*') => ({ id: `fr.test.${id}`, range })
const codes = (plan: ReturnType<typeof planInstallations>) => (plan.ok ? [] : plan.problems.map((problem) => problem.code))
const order = (plan: ReturnType<typeof planInstallations>) => (plan.ok ? plan.order.map((one) => `${one.id.slice(8)}@${one.version}`) : codes(plan))

describe('planning which plugins run', () => {
  test('[L1] a provider comes before the plugins that need its contract', () => {
    const news = manifest('news', { requires: { 'fr.test.directory/v1': '*' } })
    const directory = manifest('directory', { provides: ['fr.test.directory/v1'] })
    expect(order(planInstallations([news, directory], [wish('news'), wish('directory')]))).toEqual(['directory@1.0.0', 'news@1.0.0'])
  })

  test('[T22] a need is met by a contract that the tenant above shares, and by that contract alone', () => {
    const available = [manifest('news', { requires: { 'fr.test.directory/v1': '*', 'fr.test.clock/v1': '*' } }), manifest('clock', { provides: ['fr.test.clock/v1'] })]
    const wishes = [wish('news'), wish('clock')]
    expect(order(planInstallations(available, wishes, new Set(['fr.test.directory/v1'])))).toEqual(['clock@1.0.0', 'news@1.0.0'])
    expect(order(planInstallations(available, wishes, new Set(['fr.test.directory/v2', 'fr.test.clock/v1'])))).toEqual(['PLUGIN_NEED_MISSING'])
    expect(order(planInstallations(available, wishes))).toEqual(['PLUGIN_NEED_MISSING'])
  })

  test('[L2] every problem is named at once', () => {
    const available = [
      manifest('a', { requires: { 'fr.test.b': '^1.0.0', 'fr.test.gone/v1': '*' } }), manifest('c', { requires: { 'fr.test.b': '^2.0.0' } }),
      manifest('b'), manifest('b', { version: '2.0.0' }), manifest('d', { path: 'a' }),
    ]
    const plan = planInstallations(available, [wish('a'), wish('b'), wish('c'), wish('d'), wish('unknown')])
    expect(codes(plan).sort()).toEqual(['PLUGIN_NEED_MISSING', 'PLUGIN_NEED_MISSING', 'PLUGIN_NEED_MISSING', 'PLUGIN_PATH_TAKEN', 'PLUGIN_UNKNOWN', 'PLUGIN_VERSION_CONFLICT'])
    const conflict = plan.ok ? undefined : plan.problems.find((problem) => problem.code === 'PLUGIN_VERSION_CONFLICT')
    expect(conflict?.message).toContain('fr.test.a 1.0.0 wants ^1.0.0; fr.test.c 1.0.0 wants ^2.0.0; the catalogue has 1.0.0, 2.0.0')
  })

  test('[L2] a circle is named with its chain', () => {
    const plan = planInstallations([manifest('a', { requires: { 'fr.test.b': '*' } }), manifest('b', { requires: { 'fr.test.a': '*' } })], [wish('a'), wish('b')])
    expect(plan.ok ? [] : plan.problems.map((problem) => problem.message)).toEqual(['These plugins need each other in a circle: fr.test.a → fr.test.b → fr.test.a.'])
  })

  test('[L2] two providers of one contract are refused', () => {
    const plan = planInstallations([manifest('a', { provides: ['fr.test.x/v1'] }), manifest('b', { provides: ['fr.test.x/v1'] })], [wish('a'), wish('b')])
    expect(plan.ok ? [] : plan.problems.map((problem) => problem.message)).toEqual(['fr.test.a and fr.test.b both claim the contract fr.test.x/v1.'])
  })

  test('[L1] an optional need orders plugins but never closes a circle', () => {
    const a = manifest('a', { optional: { 'fr.test.b': '*' } })
    const b = manifest('b', { requires: { 'fr.test.a': '*' } })
    expect(order(planInstallations([a, b], [wish('a'), wish('b')]))).toEqual(['a@1.0.0', 'b@1.0.0'])
  })

  test('[L1] the newest release that suits everyone is chosen', () => {
    const available = [manifest('b'), manifest('b', { version: '1.4.0' }), manifest('b', { version: '2.0.0' }), manifest('a', { requires: { 'fr.test.b': '^1.2.0' } })]
    expect(order(planInstallations(available, [wish('a'), wish('b')]))).toEqual(['b@1.4.0', 'a@1.0.0'])
  })

  test('[L1] whatever the graph, an accepted order starts every need before who needs it, and the order of wishes changes nothing', () => {
    const graph = fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.boolean()), { maxLength: 14 })
    fc.assert(fc.property(graph, fc.integer(), (edges, seed) => {
      const ids = Array.from({ length: 8 }, (_, index) => `p${index}`)
      const available = ids.map((id, index) => manifest(id, {
        requires: Object.fromEntries(edges.filter(([from, to, hard]) => from === index && to !== index && hard).map(([, to]) => [`fr.test.p${to}`, '*'])),
        optional: Object.fromEntries(edges.filter(([from, to, hard]) => from === index && to !== index && !hard).map(([, to]) => [`fr.test.p${to}`, '*'])),
      }))
      const plan = planInstallations(available, ids.map((id) => wish(id)))
      const shuffled = planInstallations(available.toReversed(), ids.toSorted((a, b) => ((a.charCodeAt(1) * seed) % 7) - ((b.charCodeAt(1) * seed) % 7)).map((id) => wish(id)))
      expect(shuffled.ok).toBe(plan.ok)
      const ordered = plan.ok ? plan.order : []
      const started = ordered.map((one) => one.id)
      const early = ordered.flatMap((one) => Object.keys(one.requires).filter((need) => started.indexOf(need) >= started.indexOf(one.id)))
      expect({ started: new Set(started).size, early, cycle: codes(plan).includes('PLUGIN_NEED_CYCLE') })
        .toEqual({ started: plan.ok ? 8 : 0, early: [], cycle: !plan.ok })
    }))
  })
})
