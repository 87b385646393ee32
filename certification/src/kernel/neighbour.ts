import { defineEvent, definePlugin, Type } from '@liberacces/sdk'
import { givenPlugin, type PluginSource } from '@liberacces/core'
import type { Manifest } from '@liberacces/sdk/host'
import { CERTIFIER } from './certifier.ts'
import type { Traveller } from './traveller.ts'

/** What the neighbour says. Plugins that take events of others whichever they are may name this one in their examples. */
const Said = defineEvent('fr.liberacces.certification.said/v1', Type.Object({ text: Type.String({ maxLength: 200 }) }))

const ID = 'fr.liberacces.certification'

const neighbour = definePlugin()({
  id: ID, version: '1.0.0', path: 'certification', sdk: '^0.1.0', license: 'GPL-3.0-or-later OR CECILL-2.1', title: { fr: 'Certification', en: 'Certification' }, publisher: { name: CERTIFIER.name, contact: 'https://liberacces.example' },
  runtime: 'inline', scopes: ['db'], emits: [Said], privacy: { stores: [] }, messages: { fr: {}, en: {} },
  setup: () => undefined,
})

/** Whether a plugin hears or hands over events of any kind: alone on a platform it would have none. */
export function needsNeighbour({ scopes, optionalScopes = {} }: Manifest): boolean {
  return [...scopes, ...Object.keys(optionalScopes)].some((scope) => scope === 'events:read:*' || scope === 'events:write:*')
}

/** A plugin of the harness that says something now and then. */
export function neighbourSource(): PluginSource {
  return givenPlugin(neighbour)
}

/** Has it say something at a traveller's tenant, with a text that can be found again. */
export async function speak({ ground: { platform }, tenant }: Traveller, text: string): Promise<void> {
  const release = platform.installations.modules(tenant.id).byId.get(ID)
  if (release === undefined) return
  await platform.runtime.call(release, platform.systemOrigin(tenant.id), { what: 'certification', limitMs: 10_000 }, (c) => c.transaction((tx) => (tx.emit as (event: typeof Said, data: { readonly text: string }) => Promise<void>)(Said, { text })))
}
