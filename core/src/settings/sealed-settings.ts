import { isSealed } from '../secrets/sealer.ts'
import type { Storage } from '../storage/storage.ts'

/** Settings of a tenant that are sealed by the server's secret, as `plugin: setting`: another server cannot open them. Nothing of what they hold. */
export async function sealedSettings({ platform }: Pick<Storage, 'platform'>, tenantId: string): Promise<readonly string[]> {
  const rows = await platform.selectFrom('setting').select(['plugin_id', 'value_json']).where('tenant_id', '=', tenantId).orderBy('plugin_id').execute()
  return rows.flatMap(({ plugin_id: pluginId, value_json: text }) =>
    Object.entries(JSON.parse(text) as Readonly<Record<string, unknown>>).filter(([, value]) => isSealed(value)).map(([name]) => `${pluginId}: ${name}`))
}
