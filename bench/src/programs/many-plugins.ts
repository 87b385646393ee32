import { createPlatform, pluginsUnder, readConfig } from '@liberacces/core'

// Prepares data for a start with many plugins: a commune with all of the folder switched on.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn' }, folder), plugins: await pluginsUnder(process.env['LIBERACCES_PLUGINS'] ?? '') })
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
const tenant = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune', population: 3_000 }, BY)
await platform.installations.enableTogether(tenant.id, platform.catalogue.releases.map((release) => release.manifest.id), BY)
await platform.stop()
process.exit()
