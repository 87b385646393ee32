import type { Locale, TObject } from '@liberacces/sdk'
import { describeSchemaErrors, registerFormats } from '@liberacces/sdk/host'
import { Value } from '@sinclair/typebox/value'
import type { Audit, AuditActor, AuditDetail } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { changedAmong, type ChangedTenants, type Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { Storage } from '../storage/storage.ts'
import { KernelSettingsSchema, kernelSettingsProblems, type KernelSettings } from './kernel-settings.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { withKept, withOpened, withoutSecrets, withSealed } from './secret-fields.ts'
import { checkableSchema, parseSettings, type SettingsValue } from './settings-value.ts'

/** Settings of plugins, and of the kernel under its own id, for each tenant. */
export interface Settings {
  /** Parsed, with defaults, frozen. From memory after the first question. Never throws over what is stored. */
  get(tenantId: string, pluginId: string): Promise<SettingsValue>
  /** The same without waiting, where it is in memory; after `preload` it always is. */
  peek(tenantId: string, pluginId: string): SettingsValue | undefined
  /** What may be shown of them: of a secret, only that it is set. */
  shown(tenantId: string, pluginId: string): Promise<SettingsValue>
  /** What a tenant set, as another release of the plugin with this schema understands it. Not kept in memory. */
  as(tenantId: string, pluginId: string, schema: TObject): Promise<SettingsValue>
  /** The kernel's own: theme and contact. */
  kernel(tenantId: string): Promise<KernelSettings>
  /** The kernel's own without waiting; `undefined` before `preload(KERNEL_ID)`. */
  peekKernel(tenantId: string): KernelSettings | undefined
  /** Reads what all tenants have set of one plugin, so that `peek` always answers. */
  preload(pluginId: string): Promise<void>
  /**
   * Replaces a plugin's settings; left-out fields take their defaults. Audited by the names of what changed, never with texts.
   * @param locale - language of the sentences in `fields`. @defaultValue `en`
   * @throws PlatformError `SETTING_INVALID` with a sentence for each field
   */
  set(tenantId: string, pluginId: string, value: unknown, by: AuditActor, locale?: Locale): Promise<SettingsValue>
  /** Forgets what is in memory of a tenant that is gone. */
  forget(tenantId: string): void
  /** Reads anew what is held in memory of a tenant whose rows came by another way. */
  reload(tenantId: string): Promise<void>
  /** Settings in memory. */
  readonly held: Reloadable
}

/** What settings are made from. */
export interface SettingsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  /** The settings schema of an active plugin. The same object as long as the release is the same. Not asked for the kernel's. */
  readonly schemaOf: (tenantId: string, pluginId: string) => TObject
  /** Seals secrets among them. */
  readonly sealer: Sealer
  /** Told when what a plugin reads has changed. */
  readonly changed?: (tenantId: string, pluginId: string) => void
  readonly log?: { warn(detail: object, message: string): void }
}

interface Cached {
  /** The schema it was parsed by: another release may have another. */
  readonly schema: TObject
  readonly value: SettingsValue
}

/** Settings on the kernel's tables. */
export function createSettings({ storage, outside, audit, schemaOf, sealer, changed: tell, log }: SettingsOptions): Settings {
  registerFormats()
  const cache = new Map<string, Map<string, Cached>>()
  const defaults = new WeakMap<TObject, SettingsValue>()
  /** Of preloaded plugins, what is stored; a tenant that is missing has set nothing. */
  const preloaded = new Map<string, Map<string, string>>()
  /** How often rows were read anew: what was read before is not remembered after. */
  let reloads = 0

  const schemaFor = (tenantId: string, pluginId: string): TObject => (pluginId === KERNEL_ID ? KernelSettingsSchema : schemaOf(tenantId, pluginId))

  const remember = (tenantId: string, pluginId: string, cached: Cached): SettingsValue => {
    const ofTenant = cache.get(tenantId) ?? new Map<string, Cached>()
    cache.set(tenantId, ofTenant.set(pluginId, cached))
    return cached.value
  }

  const defaultsOf = (schema: TObject): SettingsValue => {
    const known = defaults.get(schema) ?? parseSettings(schema, {}).value
    defaults.set(schema, known)
    return known
  }

  const parse = (tenantId: string, pluginId: string, schema: TObject, json: string | undefined): SettingsValue => {
    if (json === undefined) return defaultsOf(schema)
    const stored = readJson(json)
    if (stored === undefined) log?.warn({ tenant: tenantId, plugin: pluginId }, 'stored settings are no JSON; the defaults stand in')
    const lost: string[] = []
    const { value, dropped } = parseSettings(schema, withOpened(schema, stored, placeOf(tenantId, pluginId), sealer, (name) => { lost.push(name) }))
    if (lost.length > 0) log?.warn({ tenant: tenantId, plugin: pluginId, fields: lost }, 'secrets among the settings were sealed on another platform, and must be given again')
    if (dropped.length > 0) log?.warn({ tenant: tenantId, plugin: pluginId, fields: dropped }, 'stored settings no longer fit; their defaults stand in')
    return value
  }

  const peek = (tenantId: string, pluginId: string): SettingsValue | undefined => {
    const schema = schemaFor(tenantId, pluginId)
    const cached = cache.get(tenantId)?.get(pluginId)
    if (cached?.schema === schema) return cached.value
    const rows = preloaded.get(pluginId)
    if (rows === undefined) return undefined
    const json = rows.get(tenantId)
    return json === undefined ? defaultsOf(schema) : remember(tenantId, pluginId, { schema, value: parse(tenantId, pluginId, schema, json) })
  }

  const get = async (tenantId: string, pluginId: string): Promise<SettingsValue> => {
    const known = peek(tenantId, pluginId)
    if (known !== undefined) return known
    const schema = schemaFor(tenantId, pluginId)
    const before = reloads
    const row = await storage.platform.selectFrom('setting').select('value_json').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).executeTakeFirst()
    if (reloads !== before) return get(tenantId, pluginId)
    // Set while we read: what was written is newer.
    const set = cache.get(tenantId)?.get(pluginId)
    if (set?.schema === schema) return set.value
    return remember(tenantId, pluginId, { schema, value: parse(tenantId, pluginId, schema, row?.value_json) })
  }

  const reload = async (changed: ChangedTenants): Promise<void> => {
    const anew = new Map<string, readonly { readonly tenant_id: string; readonly value_json: string }[]>()
    for (const pluginId of preloaded.keys()) {
      const query = storage.platform.selectFrom('setting').select(['tenant_id', 'value_json']).where('plugin_id', '=', pluginId)
      anew.set(pluginId, await (changed === undefined ? query : query.where('tenant_id', 'in', [...changed])).execute())
    }
    reloads += 1
    for (const id of changedAmong(cache, changed)) cache.delete(id)
    for (const [pluginId, rows] of anew) {
      const held = preloaded.get(pluginId) ?? new Map<string, string>()
      for (const id of changed ?? [...held.keys()]) held.delete(id)
      for (const row of rows) held.set(row.tenant_id, row.value_json)
    }
  }

  return {
    get,
    peek,
    async as(tenantId, pluginId, schema) {
      const row = await storage.platform.selectFrom('setting').select('value_json').where('tenant_id', '=', tenantId).where('plugin_id', '=', pluginId).executeTakeFirst()
      return parse(tenantId, pluginId, schema, row?.value_json)
    },
    shown: async (tenantId, pluginId) => withoutSecrets(schemaFor(tenantId, pluginId), await get(tenantId, pluginId)),
    kernel: async (tenantId) => await get(tenantId, KERNEL_ID) as KernelSettings,
    peekKernel: (tenantId) => peek(tenantId, KERNEL_ID) as KernelSettings | undefined,

    async preload(pluginId) {
      const rows = await storage.platform.selectFrom('setting').select(['tenant_id', 'value_json']).where('plugin_id', '=', pluginId).execute()
      preloaded.set(pluginId, new Map(rows.map((row) => [row.tenant_id, row.value_json])))
    },

    async set(tenantId, pluginId, given, by, locale = 'en') {
      const schema = schemaFor(tenantId, pluginId)
      const before = await get(tenantId, pluginId)
      const value = check(pluginId, schema, withKept(schema, given, before), locale)
      const changed = Object.keys(schema.properties).filter((name) => !Value.Equal(before[name], value[name]))
      if (changed.length === 0) return before
      const row = { value_json: JSON.stringify(withSealed(schema, value, placeOf(tenantId, pluginId), sealer)), updated_at: outside.now() }
      await storage.platformTransaction(async (tx) => {
        await tx.insertInto('setting').values({ tenant_id: tenantId, plugin_id: pluginId, ...row })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'plugin_id']).doUpdateSet(row)).execute()
        await audit.record({
          tenantId, actor: by, ...(pluginId === KERNEL_ID ? {} : { pluginId }), action: 'settings.changed', target: pluginId, detail: { changed: changed.join(' '), ...harmless(changed, value) },
        }, tx)
      })
      preloaded.get(pluginId)?.set(tenantId, row.value_json)
      remember(tenantId, pluginId, { schema, value })
      tell?.(tenantId, pluginId)
      return value
    },

    reload: (tenantId) => reload(new Set([tenantId])),
    held: { tables: ['setting'], reload },

    forget(tenantId) {
      cache.delete(tenantId)
      for (const rows of preloaded.values()) rows.delete(tenantId)
    },
  }
}

/** What a sealed secret is bound to. */
function placeOf(tenantId: string, pluginId: string): string {
  return `setting/${tenantId}/${pluginId}`
}

/** @throws PlatformError `SETTING_INVALID`; no message holds a value */
function check(pluginId: string, schema: TObject, given: unknown, locale: Locale): SettingsValue {
  const checkable = checkableSchema(schema)
  const complete = Value.Default(checkable, structuredClone(given))
  const unknown = typeof complete === 'object' && complete !== null ? Object.keys(complete).filter((name) => !Object.hasOwn(schema.properties, name)) : []
  const fields: Record<string, string> = Object.fromEntries(unknown.map((name) => [name, 'There is no such setting.']))
  for (const [name, sentence] of Object.entries(describeSchemaErrors(schema, complete, locale, () => undefined))) fields[name] ??= sentence
  if (Object.keys(fields).length === 0 && schema === KernelSettingsSchema) Object.assign(fields, kernelSettingsProblems(complete as KernelSettings, locale))
  if (Object.keys(fields).length > 0) {
    throw new PlatformError('SETTING_INVALID', `Settings of "${pluginId}" do not fit: ${Object.values(fields).join(' ')}`, { fix: 'Correct the named fields.', fields })
  }
  return parseSettings(schema, complete).value
}

/** Values that can be no secret: numbers and switches. Of texts the audit trail knows only that they changed. */
function harmless(names: readonly string[], value: SettingsValue): AuditDetail {
  return Object.fromEntries(names.flatMap((name) => {
    const each = value[name]
    return typeof each === 'number' || typeof each === 'boolean' ? [[`to.${name}`, each]] : []
  }))
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
