import { expect, test } from 'vitest'
import type { Principal } from '../../src/identity/principal.ts'
import { createPrincipals } from '../../src/identity/principals.ts'
import { placeFacts, saidFacts } from '../../src/process/call-facts.ts'
import { ChildCall } from '../../src/process/host/child-call.ts'
import { ChildContext, type PluginHere } from '../../src/process/host/child-context.ts'
import { CallContext, type ContextPorts } from '../../src/runtime/call-context.ts'
import { CallLimit } from '../../src/runtime/call-limit.ts'

const ID = 'fr.test.facts'
const NOW = Date.UTC(2026, 2, 2, 8)
const TENANT = { id: '1', info: { slug: 'une', name: 'Une', kind: 'commune' } }
const visitor = createPrincipals({ roles: { available: () => [{ permission: `${ID}/read` }, { permission: 'fr.test.other/read' }] } as never })
const ACCOUNT: Principal = {
  kind: 'account', id: 'agent', name: 'Camille Martin', email: 'camille@example.fr', roles: Object.freeze(['agent']), permissions: new Set([`${ID}/read`, 'fr.test.other/write']), via: 'cookie', csrfToken: 'x',
}
const WHO: readonly (readonly [string, Principal])[] = [
  ['a visitor', visitor.anonymous(TENANT as never)],
  ['the platform', visitor.system(TENANT as never)],
  ['an account', ACCOUNT],
  ['an account whose id is the visitor’s', { ...ACCOUNT, id: 'anonymous' }],
  ['a share', { ...ACCOUNT, kind: 'anonymous', id: '2', name: 'Deux', roles: [], entry: { kind: 'share', satelliteId: '2' }, readOnly: true }],
  ['a share that is named as the visitor is', { ...ACCOUNT, kind: 'anonymous', id: 'anonymous', name: 'Deux', roles: [], entry: { kind: 'share', satelliteId: '2' }, readOnly: true }],
]

/** The same call inline, and as it is known in the plugin's process. */
function bothSides(principal: Principal, isTold: boolean): readonly [CallContext, ChildContext] {
  const manifest = { id: ID, path: 'facts', permissions: { read: {}, write: {} }, requires: {}, optional: {} }
  const origin = { tenant: TENANT, principal, locale: 'fr', reads: undefined }
  const inline = new CallContext({ baseUrl: () => 'https://une.example.fr', now: () => NOW } as unknown as ContextPorts, { manifest } as never, origin as never, { settings: {}, accepted: new Set<string>() }, new CallLimit({}))
  const facts = JSON.parse(JSON.stringify(saidFacts(inline, isTold ? NOW : undefined))) as ReturnType<typeof saidFacts>
  const call = new ChildCall(1, { kind: 'call', id: 1, target: { at: 'check' }, input: undefined, facts }, placeFacts(inline), {} as never, isTold)
  return [inline, new ChildContext({ plugin: manifest } as unknown as PluginHere, call)]
}

test.each(WHO)('[R287] %s is the same one in the plugin’s process, with the same rights and the same addresses', (_, principal) => {
  const [inline, there] = bothSides(principal, true)
  const seen = ({ actor, locale, url, now }: { readonly actor: CallContext['actor']; readonly locale: string; readonly url: string; readonly now: number }): object =>
    ({ kind: actor.kind, id: actor.id, name: actor.name, roles: actor.roles, can: ['read', 'write', 'none'].filter((permission) => actor.can(permission)), locale, url, now })
  expect(seen({ actor: there.actor, locale: there.locale, url: there.url('/page'), now: there.now().getTime() }))
    .toEqual(seen({ actor: inline.actor, locale: inline.locale, url: inline.url('/page'), now: inline.now().getTime() }))
})

test('[R287] the time is the one that is told, or this machine’s own', () => {
  expect(bothSides(ACCOUNT, true)[1].now().getTime()).toBe(NOW)
  expect(Math.abs(bothSides(ACCOUNT, false)[1].now().getTime() - Date.now())).toBeLessThan(60_000)
})
