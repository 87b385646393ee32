import { Type, type Static } from '@sinclair/typebox'
import type { Plugin } from './plugin.ts'
import type { Registrations } from './registrations.ts'

const Text = Type.Object({ fr: Type.String({ minLength: 1 }), en: Type.Optional(Type.String({ minLength: 1 })) }, { additionalProperties: false })
const JsonSchema = Type.Record(Type.String(), Type.Unknown())
const ContractId = Type.String({ pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+/v[1-9][0-9]*$' })
/** A contract, or a plugin's id. */
const NeedId = '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+(/v[1-9][0-9]*)?$'
const SCOPE = '^(db|files|mail:send|browser|events:(read|write):\\*|net:(\\*|[a-z0-9.-]+)|tcp:(\\*|[a-z0-9.-]+:[0-9]{1,5}))$'
const LocalName = Type.String({ pattern: '^[a-z][a-z0-9.-]{0,60}$' })

/**
 * `plugin.json`: what a plugin is and wants, without running it. Catalogue, resolver, consent page and certification
 * read only this. Unknown keys are refused.
 */
export const ManifestSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*){1,6}$', maxLength: 100 }),
    version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$' }),
    path: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
    sdk: Type.String({ minLength: 1 }),
    license: Type.String({ minLength: 1 }),
    title: Text,
    description: Type.Optional(Text),
    publisher: Type.Object({ name: Type.String({ minLength: 1 }), contact: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    runtime: Type.Union([Type.Literal('inline'), Type.Literal('process'), Type.Literal('remote')]),
    limits: Type.Object(
      { memoryMb: Type.Integer({ minimum: 32, maximum: 4096 }), callMs: Type.Integer({ minimum: 1, maximum: 60_000 }) },
      { additionalProperties: false },
    ),
    scopes: Type.Array(Type.String({ pattern: SCOPE }), { uniqueItems: true }),
    /** What it can do without, and what is missing then. Left out by plugins that have none. */
    optionalScopes: Type.Optional(Type.Record(Type.String({ pattern: SCOPE }), Text, { additionalProperties: false })),
    requires: Type.Record(Type.String({ pattern: NeedId }), Type.String(), { additionalProperties: false }),
    optional: Type.Record(Type.String({ pattern: NeedId }), Type.String(), { additionalProperties: false }),
    settings: JsonSchema,
    permissions: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9.-]{0,60}$' }),
      Type.Object({ title: Text, roles: Type.Array(LocalName) }, { additionalProperties: false }),
      { additionalProperties: false },
    ),
    roles: Type.Record(LocalName, Text, { additionalProperties: false }),
    migrations: Type.Array(Type.String({ pattern: '^\\d{4}-[a-z0-9-]+$' })),
    emits: Type.Array(Type.Object({ id: ContractId, schema: JsonSchema, subject: Type.Optional(Type.String()), retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })) }, { additionalProperties: false })),
    provides: Type.Array(ContractId, { uniqueItems: true }),
    /** `*` stands for every event of the tenant. */
    handles: Type.Array(Type.Object({ id: Type.String(), event: Type.Union([ContractId, Type.Literal('*')]) }, { additionalProperties: false })),
    schedules: Type.Array(Type.Object({ id: LocalName, cron: Type.String() }, { additionalProperties: false })),
    /** Left out by plugins that have none. */
    workers: Type.Optional(Type.Array(LocalName, { uniqueItems: true })),
    /** Commands for the operator's command line. Left out by plugins that have none. */
    commands: Type.Optional(Type.Array(Type.Object({ name: LocalName, summary: Type.String({ minLength: 1 }) }, { additionalProperties: false }))),
    /** Scripts for pages of agents and administrators, each `browser/<name>.js` in the archive. Left out by plugins that have none. */
    browser: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }), { uniqueItems: true, maxItems: 20 })),
    contributes: Type.Array(ContractId),
    stores: Type.Array(
      Type.Object(
        {
          table: Type.String(),
          subject: Type.String(),
          purpose: Text,
          basis: Type.Union((['consent', 'contract', 'legal-obligation', 'vital-interests', 'public-task', 'legitimate-interests'] as const).map((basis) => Type.Literal(basis))),
          retentionDays: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()]),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

/** A plugin's manifest, `plugin.json`. */
export type Manifest = Static<typeof ManifestSchema>

/** The manifest of a plugin, from its declaration and from what its `setup` registered. Unchecked: the catalogue checks it. */
export function manifestOf(plugin: Plugin, registrations: Registrations): Manifest {
  // Through JSON: what cannot be written into plugin.json must not reach the kernel by another way.
  return JSON.parse(
    JSON.stringify({
      id: plugin.id,
      version: plugin.version,
      path: plugin.path,
      sdk: plugin.sdk,
      license: plugin.license,
      title: plugin.title,
      description: plugin.description,
      publisher: plugin.publisher,
      runtime: plugin.runtime ?? 'process',
      limits: { memoryMb: plugin.limits?.memoryMb ?? 128, callMs: plugin.limits?.callMs ?? 5_000 },
      scopes: plugin.scopes,
      optionalScopes: plugin.optionalScopes,
      requires: plugin.requires ?? {},
      optional: plugin.optional ?? {},
      settings: plugin.settings ?? {},
      permissions: plugin.permissions ?? {},
      roles: plugin.roles ?? {},
      migrations: Object.keys(plugin.migrations ?? {}).sort(),
      emits: (plugin.emits ?? []).map(({ id, schema, subject, retentionDays }) => ({ id, schema, subject, ...(retentionDays === undefined ? {} : { retentionDays }) })),
      provides: registrations.services.map(({ service }) => service.id),
      handles: registrations.handlers.map(({ id, event }) => ({ id, event: event === 'any' ? '*' : event.id })),
      schedules: registrations.schedules.map(({ id, cron }) => ({ id, cron })),
      workers: registrations.workers.length === 0 ? undefined : registrations.workers.map(({ id }) => id),
      commands: registrations.commands.length === 0 ? undefined : registrations.commands.map(({ name, summary }) => ({ name, summary })),
      browser: plugin.browser === undefined || plugin.browser.length === 0 ? undefined : [...plugin.browser].sort(),
      contributes: registrations.contributions.map(({ slot }) => slot.id),
      stores: plugin.privacy?.stores,
    }),
  ) as Manifest
}
