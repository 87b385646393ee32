import { createHash } from 'node:crypto'
import { createPlatform, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import type { Plugin, PluginTypes, Transaction } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { NOTES, noteOf, notePlugin, type NoteTables } from '../fixtures/note-plugin.ts'
import { numberedPlugin } from '../fixtures/numbered-plugin.tsx'

// The platform on PostgreSQL: one commune with notes, and as many others as are asked for, with five plugins each.

type NoteTypes = PluginTypes & { readonly db: NoteTables }

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const NUMBERED = [1, 2, 3, 4, 5].map((number) => numberedPlugin(number))

let platform: Platform | undefined

const running = (): Platform => {
  if (platform === undefined) throw new Error('The platform is not open.')
  return platform
}

answerCommands({
  /** Resolves to milliseconds until it answers, and its port. */
  open: async ({ url }: { readonly url: string }) => {
    const start = performance.now()
    const plugins: readonly Plugin[] = [notePlugin as unknown as Plugin, ...NUMBERED]
    platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn', LIBERACCES_DATABASE_URL: url }, folder), plugins: plugins.map(givenPlugin) })
    const { port } = await platform.listen()
    return { port, ms: performance.now() - start }
  },
  close: async () => { await platform?.stop() },

  notes: async () => {
    const here = running()
    const { tenants, installations, runtime, catalogue } = here
    await tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    const tenant = await tenants.create({ kind: 'commune', name: 'Commune notes', slug: 'notes', population: 3_000 }, BY)
    await installations.enable(tenant.id, notePlugin.id, '*', BY)
    const release = catalogue.releases.find(({ manifest }) => manifest.id === notePlugin.id)
    if (release === undefined) throw new Error('The plugin of the notes was not taken in.')
    await runtime.call(release, here.systemOrigin(tenant.id), { what: 'bench', limitMs: 60_000 }, (c) => c.transaction(async (tx) => {
      for (let number = 0; number < NOTES; number += 1) await (tx as unknown as Transaction<NoteTypes>).insertInto('note').values(noteOf(number)).execute()
    }))
    return { host: tenant.hosts[0] ?? '', token: await agentOf(tenant.id) }
  },

  /** Makes communes and switches five plugins on for each. Resolves to their addresses, each with a token of an agent. */
  many: async ({ count }: { readonly count: number }) => {
    const { tenants, installations } = running()
    const made = []
    for (let number = 0; number < count; number += 1) made.push(await tenants.create({ kind: 'commune', name: `Commune ${number}`, slug: `commune-${number}`, population: 1_000 }, BY))
    const { problems } = await installations.enableMany(made.map(({ id }) => id), NUMBERED.map(({ id }) => id), BY)
    if (problems[0] !== undefined) throw problems[0].error
    const targets = []
    for (const { id, hosts } of made) targets.push({ host: hosts[0] ?? '', token: await agentOf(id) })
    return targets
  },
  connections: async () => running().storage.stats.storeDescriptors,
}, async () => { await platform?.stop() })

/** Without a password: hashing a thousand would take longer than everything else. */
async function agentOf(tenantId: string): Promise<string> {
  const { storage, apiTokens } = running()
  const id = `bench-${tenantId}`
  await storage.platform.insertInto('account').values({ id, tenant_id: tenantId, login: 'bench', name: 'Camille Martin', email: null, password_hash: createHash('sha256').update(id).digest('hex'), status: 'active', created_at: 0, last_login_at: null }).execute()
  await storage.platform.insertInto('account_role').values({ account_id: id, role: 'agent' }).execute()
  return (await apiTokens.create(tenantId, id, { label: 'bench' }, BY)).token
}
