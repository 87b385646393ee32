import { request } from 'node:http'
import { createPlatform, givenPlugin, readConfig } from '@liberacces/core'
import { answerCommands } from '../answer-commands.ts'
import { askingPlugin, serviceIn } from '../fixtures/border/asking-plugin.ts'
import { borderPlugin, GROUPED, PAYLOAD, type Home } from '../fixtures/border/border-plugin.tsx'

// One platform with the same plugin twice: in its own process and in a child. What else runs in children comes in archives.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'fatal', LIBERACCES_PROCESS_GROUPS: `grouped=${GROUPED.map((variant) => `fr.liberacces.bench-process${variant}`).join('+')}` }, folder), plugins: [borderPlugin('inline'), askingPlugin].map(givenPlugin) })
for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
const tenant = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'une', population: 3_000 }, BY)
const host = tenant.hosts[0] ?? ''
const { port } = await platform.listen()

/** Installs archives and switches their plugins on, all at once. @returns their ids, and how long it took from the first to the last, in milliseconds */
async function letIn(archives: readonly string[]): Promise<{ readonly ids: readonly string[]; readonly ms: number }> {
  const ids: string[] = []
  for (const archive of archives) ids.push((await platform.releases.install(archive, '/', BY)).id)
  const start = performance.now()
  await platform.installations.enableTogether(tenant.id, ids, BY)
  return { ids, ms: performance.now() - start }
}

answerCommands({
  where: async () => {
    const account = await platform.accounts.create(tenant.id, { login: 'agent', name: 'Camille Martin', password: 'a-long-enough-password', roles: ['agent'] }, BY)
    const session = await platform.sessions.open(tenant.id, account.id)
    return { port, host, cookie: `liberacces_session=${session.token}` }
  },
  letIn: ({ archives }: { readonly archives: readonly string[] }) => letIn(archives),
  enable: async ({ ids }: { readonly ids: readonly string[] }) => { await platform.installations.enableTogether(tenant.id, [...ids], BY) },
  disable: async ({ ids }: { readonly ids: readonly string[] }) => { for (const id of ids) await platform.installations.disable(tenant.id, id, BY) },
  /** Switches on what stays in this process, and fills the tables of both. */
  fill: async () => {
    await platform.installations.enableTogether(tenant.id, ['fr.liberacces.bench-inline', askingPlugin.id], BY)
    for (const home of ['inline', 'process']) await post(`/apps/border-${home}/fill`)
  },
  /** Calls a service, one call after the other, and answers how long each took, in microseconds. */
  callService: ({ home, count }: { readonly home: Home; readonly count: number }) => {
    const release = platform.catalogue.releases.find(({ manifest }) => manifest.id === askingPlugin.id)
    if (release === undefined) throw new Error('The plugin that asks was not taken in.')
    return platform.runtime.call(release, platform.systemOrigin(tenant.id), { what: 'bench', limitMs: 60_000 }, async (c) => {
      const { echo } = serviceIn(c, home)
      const times: number[] = []
      for (let call = 0; call < count; call += 1) {
        const start = performance.now()
        await echo(PAYLOAD)
        times.push((performance.now() - start) * 1_000)
      }
      return times
    })
  },
  /** Memory of the children of some plugins, in megabytes. */
  memory: async ({ ids }: { readonly ids: readonly string[] }) => {
    const releases = platform.catalogue.releases.filter(({ manifest }) => ids.includes(manifest.id))
    return Promise.all(releases.map(async ({ process: child }) => (await child?.memory() ?? Number.NaN) / 1_000_000))
  },
}, () => platform.stop())

async function post(path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  request({ port, host: '127.0.0.1', method: 'POST', path, headers: { host: `${host}:${port}`, origin: `http://${host}:${port}`, 'sec-fetch-site': 'same-origin' } }, (answer) => {
    answer.resume().on('end', () => {
      if (answer.statusCode === 200) resolve()
      else reject(new Error(`${path} answered ${answer.statusCode ?? 0}.`))
    })
  }).on('error', reject).end()
  await promise
}
