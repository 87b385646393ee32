import { request } from 'node:http'
import { join } from 'node:path'
import { createPlatform, folderPlugin, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import canteen from '@liberacces/plugin-canteen'
import families from '@liberacces/plugin-families'
import type { Plugin } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import { answerCommands } from '../answer-commands.ts'
import { billBare, openBare } from '../bare-billing.ts'

// A commune whose families are billed: the plugins families and canteen inline, or each in a process of its own.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
/** Rows of one statement while it is filled. */
const ROWS = 500
/** School days of October 2026 on which every child eats. */
const DAYS = ['01', '02', '05', '06', '08', '09', '12', '13', '15', '16', '19', '20', '22', '23', '26', '27'].map((day) => `2026-10-${day}`)
const TIERS = [400, 600, 800, 1_000, 1_500].map((to, index, ends) => ({ name: `Tranche ${index + 1}`, from: index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, to }))
const RULES = {
  tiers: [...TIERS, { name: 'Tranche 6', from: 1_501, to: null }],
  price: { kind: 'fixed', cents: { resident: [100, 180, 260, 380, 450, 520], other: [650, 650, 650, 650, 650, 650] } },
  siblings: [0, 1_000], late: null, unbooked: null, absence: { justified: { percent: 0, days: null }, unjustified: { percent: 10_000, days: null } },
}
const HOME = '/apps/cantine/gestion/facturation'

const folder = process.env['LIBERACCES_DATA'] ?? ''
let platform: Platform | undefined
let tenant = { id: '', host: '', port: 0, cookie: '' }

const running = (): Platform => {
  if (platform === undefined) throw new Error('The platform is not open.')
  return platform
}
// The bench writes what hundreds of families would have typed: beside the plugins, into their tables.
const tables = (pluginId: string): Kysely<Record<string, Record<string, unknown>>> => running().storage.store({ tenantId: tenant.id, pluginId }).db as never
const insertAll = async (pluginId: string, table: string, rows: readonly Record<string, unknown>[]): Promise<void> => {
  for (let start = 0; start < rows.length; start += ROWS) await tables(pluginId).insertInto(table).values(rows.slice(start, start + ROWS)).execute()
}
const householdId = (index: number): string => `foyer-${String(index).padStart(6, '0')}`

answerCommands({
  open: async ({ runtime, plugins: sources }: { readonly runtime: 'inline' | 'process'; readonly plugins: string }) => {
    const folders = ['families', 'canteen'].map((name) => folderPlugin(join(sources, name), runtime))
    // Inline they are of this bundle, as in production; their folders hold sources, and the scripts of their pages.
    const plugins = runtime === 'process' ? folders : [families, canteen].map((plugin, index) => ({ ...folders[index], ...givenPlugin(plugin as unknown as Plugin) }))
    platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: folder, LIBERACCES_LOG: 'warn' }, folder), plugins })
    for (const { problems } of platform.catalogue.rejected) for (const problem of problems) throw problem
    await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
    const { id, hosts } = await platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'une', population: 30_000 }, BY)
    await platform.installations.enableTogether(id, [families.id, canteen.id], BY)
    const account = await platform.accounts.create(id, { login: 'regie', name: 'Camille Martin', password: 'a-long-enough-password', roles: ['agent', 'agent.regie'] }, BY)
    const { token } = await platform.sessions.open(id, account.id)
    tenant = { id, host: hosts[0] ?? '', port: (await platform.listen()).port, cookie: `liberacces_session=${token}` }
  },
  /** Families of one child that eats on sixteen days; a quotient is known of all but one in ten. */
  fill: async ({ count }: { readonly count: number }) => {
    const at = '2026-09-01T08:00:00.000Z'
    const each = <Row>(make: (id: string, index: number) => readonly Row[]): readonly Row[] => Array.from({ length: count }, (_, index) => make(householdId(index), index)).flat()
    await insertAll(families.id, 'household', each((id) => [{ id, name: id, resident: 1, address: '1 rue du Port', postcode: '17440', town: 'Aytré', sort_key: id, search_text: id, created_at: at, updated_at: at }]))
    await insertAll(families.id, 'guardian', each((id) => [{ id: `${id}-p`, household_id: id, first_name: 'Claire', last_name: id, account_id: null, email: null, phone: null, address: null, postcode: null, town: null, may_book: 1, may_fetch: 1, position: 0, civil_status: null, claim_code: null }]))
    await insertAll(families.id, 'child', each((id) => [{ id: `${id}-e`, household_id: id, first_name: 'Lina', last_name: id, birth_day: '2019-05-12', sort_key: id, search_text: id, created_at: at, updated_at: at }]))
    await insertAll(families.id, 'quotient', each((id, index) => (index % 10 === 9 ? [] : [{ id: `${id}-q`, household_id: id, value: (index * 37) % 2_000, month: '2026-01', source: 'CNAF', first_day: '2026-01-01', last_day: '2027-01-31', read_at: at }])))
    await insertAll(canteen.id, 'activity', [{ id: 'cantine', name: 'Restaurant scolaire', kind: 'canteen', first_day: '2026-09-01', last_day: '2027-07-03', rules: '{}', approved_by_agent: 0, archived: 0 }])
    await insertAll(canteen.id, 'unit', [{ id: 'repas', activity_id: 'cantine', name: 'Repas', kind: 'meal', starts_at: '12:00', ends_at: '13:30', weekdays: '1245', capacity: null, with_meal: 1, position: 0 }])
    await insertAll(canteen.id, 'regie', [{ id: 'regie', number: 1, name: 'Régie des écoles', identity: '{}', next_invoice: 1, next_credit: 1, version: 0 }])
    await insertAll(canteen.id, 'tariff', [{ id: 'tarif', regie_id: 'regie', unit_id: 'repas', name: 'Repas', first_day: '2026-09-01', last_day: null, rules: JSON.stringify(RULES), siblings_counted: 'registered', account: '7067', childcare: 0 }])
    await insertAll(canteen.id, 'booking', each((id) => DAYS.map((day) => ({
      id: `${id} ${day}`, child_id: `${id}-e`, household_id: id, activity_id: 'cantine', unit_id: 'repas', day, state: 'present', origin: 'family', late: 0, unbooked: 0,
      arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: at, changed_at: at,
    }))))
  },
  /** Begins a campaign as a régisseur does, and waits until its draft is whole. Milliseconds, what came of it, and how often its page would have shown another count. */
  draft: async () => {
    const form = `${HOME}/regies/regie/campagnes/ajouter`
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await send('GET', form)).text)?.[1] ?? ''
    const start = performance.now()
    const begun = await send('POST', form, new URLSearchParams({ _csrf: csrf, campaignName: 'Octobre', periodFrom: '2026-10-01', periodTo: '2026-10-31', dueDay: '2099-12-15' }).toString())
    const id = /campagnes\/([0-9a-f-]{36})/.exec(begun.location)?.[1]
    if (id === undefined) throw new Error(`The campaign was not begun: ${begun.status} ${begun.text.slice(0, 500)}`)
    const seen = new Set<number>()
    for (;;) {
      const { drafted, households } = await tables(canteen.id).selectFrom('campaign').select(['drafted', 'households']).where('id', '=', id).executeTakeFirstOrThrow()
      if (drafted === 1) break
      seen.add(Number(households))
      await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    const ms = performance.now() - start
    const { invoices, cents } = await tables(canteen.id).selectFrom('campaign').select(['invoices', 'cents']).where('id', '=', id).executeTakeFirstOrThrow()
    // The next round finds what this one found.
    for (const table of ['invoice_line', 'invoice', 'campaign_alert', 'campaign']) await tables(canteen.id).deleteFrom(table).execute()
    return { ms, invoices: Number(invoices), cents: Number(cents), steps: seen.size }
  },
  /** The same families billed by as little as can be. */
  bare: async ({ count }: { readonly count: number }) => {
    const db = openBare(join(folder, 'bare.db'), Array.from({ length: count }, (_, index) => ({ id: householdId(index), quotient: index % 10 === 9 ? null : (index * 37) % 2_000 })), DAYS)
    const start = performance.now()
    const cents = billBare(db, RULES.tiers, RULES.price.cents.resident)
    const ms = performance.now() - start
    db.close()
    return { ms, cents }
  },
}, async () => { await platform?.stop() })

async function send(method: 'GET' | 'POST', path: string, body = ''): Promise<{ readonly status: number; readonly location: string; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly location: string; readonly text: string }>()
  const { host, port, cookie } = tenant
  const headers = { host: `${host}:${port}`, cookie, accept: 'text/html', ...(method === 'GET' ? {} : { origin: `http://${host}:${port}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }) }
  request({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => { resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', text }) })
  }).on('error', reject).end(body)
  return promise
}
