import { BureauTile, GuichetBlock, GuichetService } from '@liberacces/sdk/slots'
import type { Slot } from '@liberacces/sdk'
import { registerFormats } from '@liberacces/sdk/host'
import { Type, type Static, type TProperties } from '@sinclair/typebox'
import { PlatformError } from '../errors.ts'
import { Description } from '../process/description.ts'
import { portableSchema } from '../process/portable-schema.ts'
import { PROTOCOL_VERSION } from '../process/protocol.ts'
import { misfit } from '../validation.ts'

const closed = { additionalProperties: false } as const
const said: TProperties = Description.properties
const plugin: TProperties = Description.properties.plugin.properties
const pick = (properties: TProperties, names: readonly string[]): TProperties => Object.fromEntries(names.map((name) => [name, properties[name] ?? Type.Unknown()]))
const maybe = (properties: TProperties, names: readonly string[]): TProperties => Object.fromEntries(Object.entries(pick(properties, names)).map(([name, each]) => [name, Type.Optional(each)]))

/** The slots that an application names; one of another plugin it describes, as that plugin does. */
const KNOWN_SLOTS: readonly Slot[] = [BureauTile, GuichetService, GuichetBlock]

/**
 * `plugin.json` of an application: what a plugin's `definePlugin` and `setup` say, as data. Lists that are left out are empty. There are no migrations and no
 * workers: the application keeps its data and its own time.
 */
export const RemoteDescription = Type.Object({
  protocol: Type.Literal(PROTOCOL_VERSION),
  plugin: Type.Object({
    ...pick(plugin, ['id', 'version', 'path', 'sdk', 'license', 'title', 'description', 'publisher', 'limits', 'optionalScopes', 'requires', 'optional', 'settings', 'roles', 'permissions', 'emits', 'messages']),
    ...maybe(plugin, ['scopes']),
  }, closed),
  privacy: Type.Object({ stores: Description.properties.privacy.properties.stores, ...maybe(Description.properties.privacy.properties, ['export', 'erase', 'expire']) }, closed),
  ...maybe(said, ['check', 'demo', 'endpoints', 'handlers', 'schedules', 'services', 'commands']),
  contributions: Type.Optional(Type.Array(Type.Object({
    slot: Type.Union([Type.Union(KNOWN_SLOTS.map(({ id }) => Type.Literal(id))), Description.properties.contributions.items.properties.slot]),
    title: Type.String(), order: Type.Optional(Type.Number()), permission: Type.Optional(Type.String()), data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    render: Type.Optional(Type.Boolean()),
  }, closed), { maxItems: 1_000 })),
}, closed)

interface Said extends Partial<Omit<Description, 'plugin' | 'privacy' | 'contributions' | 'migrations' | 'workers'>> {
  readonly plugin: Omit<Description['plugin'], 'runtime' | 'scopes'> & { readonly scopes?: Description['plugin']['scopes'] }
  readonly privacy: Pick<Description['privacy'], 'stores'> & Partial<Description['privacy']>
  readonly contributions?: readonly (Omit<Description['contributions'][number], 'slot' | 'order' | 'data' | 'render'> & { readonly slot: string | Description['contributions'][number]['slot'] } & Partial<Pick<Description['contributions'][number], 'order' | 'data' | 'render'>>)[]
}

/**
 * What an application said of itself, as every other plugin is described.
 * @throws PlatformError `REMOTE_INVALID` for what has not the shape of it; what of it is right, the catalogue says
 */
export function descriptionOf(told: unknown): Description {
  registerFormats()
  const wrong = misfit(RemoteDescription, told)
  if (wrong !== undefined) {
    throw new PlatformError('REMOTE_INVALID', `The plugin.json of the application is none: ${wrong}.`, { fix: 'Correct it: docs/reference/remote-protocol.json says what it looks like.' })
  }
  const { plugin: own, privacy, contributions = [], endpoints = [], handlers = [], schedules = [], services = [], commands = [], check = false, demo = false } = told as Static<typeof RemoteDescription> as unknown as Said
  return {
    plugin: { ...own, scopes: own.scopes ?? [], runtime: 'remote' },
    privacy: { export: privacy.stores.length > 0, erase: privacy.stores.length > 0, expire: false, ...privacy },
    migrations: [], workers: [],
    check, demo, endpoints, handlers, schedules, services, commands,
    contributions: contributions.map(({ slot, order = 100, data = {}, render, ...contribution }) => {
      const full = typeof slot === 'string' ? knownSlot(slot) : slot
      return { ...contribution, slot: full, order, data, render: render ?? full.rendered }
    }),
  }
}

function knownSlot(id: string): Description['contributions'][number]['slot'] {
  const slot = KNOWN_SLOTS.find((one) => one.id === id)
  if (slot === undefined) throw new Error(`The slot ${id} was taken for one of ours.`)
  const { data, rendered, budgetMs } = slot
  return { id, data: portableSchema(data), rendered, budgetMs }
}
