import { request } from 'node:http'
import { join } from 'node:path'
import { createPlatform, folderPlugin, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import canteen from '@liberacces/plugin-canteen'
import families from '@liberacces/plugin-families'
import type { Plugin } from '@liberacces/sdk'
import type { Kysely } from 'kysely'
import { answerCommands } from '../answer-commands.ts'
import { bareDay } from '../bare-canteen-day.ts'
import { billBare, openBare } from '../bare-billing.ts'

// A commune whose families are billed: the plugins families and canteen inline, or each in a process of its own.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
/** Rows of one statement while it is filled. */
const ROWS = 500
/** A school of three hundred children. */
const FAMILIES_OF_SCHOOL = 100
const CHILDREN_EACH = 3
/** What they can book: a meal and two hours of garderie, each on four days of the week, and Wednesdays. */
const UNITS = [
  { id: 'repas', activity: 'cantine', weekdays: '1245' }, { id: 'matin', activity: 'garderie', weekdays: '1245' }, { id: 'soir', activity: 'garderie', weekdays: '1245' }, { id: 'mercredi', activity: 'mercredis', weekdays: '3' },
] as const
/** As the demonstration has it: until Friday of the week before, nine o'clock. */
const BOOKING_RULES = { add: [{ weekdays: '1234567', limit: { kind: 'previous-weekday', weekday: 5, at: '09:00' } }], cancel: 'same', late: 'surcharge', openOn: ['school'], waitingList: true, offerHours: 24 }
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
/** Cookies of the families of {@link FAMILIES_OF_SCHOOL}, and the form token that their sessions have. */
const parents: { readonly cookie: string; readonly csrf: string }[] = []

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
    const account = await platform.accounts.create(id, { login: 'regie', name: 'Camille Martin', password: 'a-long-enough-password', roles: ['agent', 'agent.regie', 'agent.animation'] }, BY)
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
  /** A school whose families have accounts; every child eats on the first day of the week that is looked at. @returns that day, a Monday of four or more weeks ahead that is followed by school days alone */
  school: async () => {
    const at = new Date().toISOString()
    const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
    const households = Array.from({ length: FAMILIES_OF_SCHOOL }, (_, index) => householdId(index))
    const children = households.flatMap((id) => Array.from({ length: CHILDREN_EACH }, (_, place) => ({ id: `${id}-${place}`, household: id })))
    const accounts: string[] = []
    for (const id of households) {
      const account = await running().accounts.create(tenant.id, { login: id, name: `Claire ${id}`, password: 'a-long-enough-password', roles: ['citizen'] }, BY)
      const { token } = await running().sessions.open(tenant.id, account.id)
      accounts.push(account.id)
      parents.push({ cookie: `liberacces_session=${token}`, csrf: '' })
    }
    await insertAll(families.id, 'school', [{ id: 'ecole', name: 'École du Port', uai: null, address: '1 rue du Port', phone: null, sort_key: 'ecole' }])
    await insertAll(families.id, 'school_class', [{ id: 'classe', school_id: 'ecole', name: 'CE1', level: 'CE1', teacher: null, position: 0 }])
    await insertAll(families.id, 'household', households.map((id) => ({ id, name: id, resident: 1, address: '1 rue du Port', postcode: '17440', town: 'Aytré', sort_key: id, search_text: id, created_at: at, updated_at: at })))
    await insertAll(families.id, 'guardian', households.map((id, index) => ({ id: `${id}-p`, household_id: id, first_name: 'Claire', last_name: id, account_id: accounts[index], email: null, phone: null, address: null, postcode: null, town: null, may_book: 1, may_fetch: 1, position: 0, civil_status: null, claim_code: null })))
    await insertAll(families.id, 'child', children.map(({ id, household }) => ({ id, household_id: household, first_name: 'Lina', last_name: id, birth_day: '2019-05-12', sort_key: id, search_text: id, created_at: at, updated_at: at })))
    await insertAll(families.id, 'schooling', children.map(({ id }) => ({ id: `${id}-s`, child_id: id, class_id: 'classe', first_day: day(-100), last_day: day(300) })))
    // A calendar of school days alone: what is measured must not hang on the day of the year.
    await insertAll(canteen.id, 'known_calendar', [{ zone: 'A', first_day: day(-100), last_day: day(300) }])
    await running().settings.set(tenant.id, canteen.id, { zone: 'A' }, BY)
    await insertAll(canteen.id, 'activity', [...new Set(UNITS.map(({ activity }) => activity))].map((id) => ({ id, name: id, kind: 'canteen', first_day: day(-100), last_day: day(300), rules: JSON.stringify(BOOKING_RULES), approved_by_agent: 0, archived: 0 })))
    await insertAll(canteen.id, 'unit', UNITS.map(({ id, activity, weekdays }, position) => ({ id, activity_id: activity, name: id, kind: 'meal', starts_at: '12:00', ends_at: '13:30', weekdays, capacity: id === 'repas' ? 290 : 120, with_meal: id === 'repas' ? 1 : 0, position })))
    await insertAll(canteen.id, 'enrolment', children.flatMap(({ id, household }) => [...new Set(UNITS.map(({ activity }) => activity))].map((activity) => ({ id: `${id} ${activity}`, child_id: id, household_id: household, activity_id: activity, first_day: day(-100), last_day: day(300), state: 'active', decided_at: at, created_at: at, requested_by: null }))))
    const monday = await schoolWeek(day)
    await insertAll(canteen.id, 'booking', children.map(({ id, household }) => ({
      id: `${id} ${monday}`, child_id: id, household_id: household, activity_id: 'cantine', unit_id: 'repas', day: monday, state: 'booked', origin: 'family', late: 0, unbooked: 0,
      arrived_at: null, left_at: null, offered_until: null, booked_by: null, booked_at: at, changed_at: at,
    })))
    return { monday, households, children: children.map(({ id }) => id) }
  },
  /** Looks at the grid of one family after the other. Milliseconds of each. */
  grids: ({ monday, times }: { readonly monday: string; readonly times: number }) => timed(times, async (index) => {
    const { status, text } = await send('GET', `/apps/cantine/semaine?lundi=${monday}`, '', parents[index % parents.length]?.cookie)
    if (status !== 200 || text.split('type="checkbox"').length <= CHILDREN_EACH * 13) throw new Error(`A grid has ${text.split('type="checkbox"').length - 1} boxes (${status}).`)
  }),
  /** The agent's list of all who eat on a day. Milliseconds of each. */
  lists: ({ monday, times }: { readonly monday: string; readonly times: number }) => timed(times, async () => {
    const { status, text } = await send('GET', `/apps/cantine/pointage/liste?unite=repas&jour=${monday}&ecole=ecole`)
    if (status !== 200 || text.split('<li').length <= FAMILIES_OF_SCHOOL * CHILDREN_EACH) throw new Error(`The list has ${text.split('<li').length - 1} lines (${status}).`)
  }),
  /** Books one meal after the other, of one family after the other. Milliseconds of each, from the click to the answer. */
  bookings: async ({ day, times }: { readonly day: string; readonly times: number }) => {
    await openForms(day)
    return await timed(times, async (index) => { await book(index, day) })
  },
  /** A hundred families ask at once for the last thirty places of a day. Milliseconds until all are answered, and what each has. */
  rush: async ({ day, places }: { readonly day: string; readonly places: number }) => {
    await openForms(day)
    await tables(canteen.id).updateTable('unit').set({ capacity: places }).where('id', '=', 'repas').execute()
    const start = performance.now()
    await Promise.all(parents.map((_, index) => book(index, day)))
    const ms = performance.now() - start
    const states = (await tables(canteen.id).selectFrom('booking').select('state').where('unit_id', '=', 'repas').where('day', '=', day).execute()).map(({ state }) => String(state))
    await tables(canteen.id).updateTable('unit').set({ capacity: 290 }).where('id', '=', 'repas').execute()
    await tables(canteen.id).deleteFrom('booking').where('unit_id', '=', 'repas').where('day', '=', day).execute()
    return { ms, booked: states.filter((state) => state === 'booked').length, waiting: states.filter((state) => state === 'waiting').length }
  },
  /** The same three by as little as can be, over HTTP too. */
  bareDay: async ({ children, households, day, times }: { readonly children: readonly string[]; readonly households: readonly string[]; readonly day: string; readonly times: number }) => {
    const bare = await bareDay(join(folder, 'bare-day.db'), children, households, day)
    const ask = (path: string) => fetchBare(bare.port, path)
    const grids = await timed(times, (index) => ask(`/grid/${households[index % households.length]}`))
    const lists = await timed(times, () => ask('/list'))
    const bookings = await timed(times, (index) => ask(`/book/${children[index % children.length]}/${day}-${index}`))
    await bare.close()
    return { grids, lists, bookings }
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

/** Milliseconds of each of some turns, one after the other. */
async function timed(times: number, turn: (index: number) => Promise<void>): Promise<readonly number[]> {
  const found: number[] = []
  for (let index = 0; index < times; index += 1) {
    const start = performance.now()
    await turn(index)
    found.push(performance.now() - start)
  }
  return found
}

/** A Monday in four weeks or later whose Monday, Tuesday, Thursday and Friday are no holidays: its grid offers every meal. */
async function schoolWeek(day: (offset: number) => string): Promise<string> {
  for (let offset = 28; offset < 120; offset += 1) {
    const monday = day(offset)
    if (new Date(`${monday}T00:00:00Z`).getUTCDay() !== 1) continue
    const { text } = await send('GET', `/apps/cantine/semaine?lundi=${monday}`, '', parents[0]?.cookie)
    if (text.split('name="montre"').length - 1 === CHILDREN_EACH * 13) return monday
  }
  throw new Error('No week of school days was found.')
}

/** Gets the token of each family's form, once. */
async function openForms(day: string): Promise<void> {
  for (const [index, { cookie, csrf }] of parents.entries()) {
    if (csrf === '') parents[index] = { cookie, csrf: /name="_csrf" value="([^"]+)"/.exec((await send('GET', `/apps/cantine/semaine?lundi=${day}`, '', cookie)).text)?.[1] ?? '' }
  }
}

/** Books a meal on a day for one child of a family, the next child each time round. */
async function book(index: number, day: string): Promise<void> {
  const [place, round] = [index % parents.length, Math.floor(index / parents.length)]
  const { cookie = '', csrf = '' } = parents[place] ?? {}
  const key = `${householdId(place)}-${round % CHILDREN_EACH}|repas|${day}`
  const { status, location } = await send('POST', '/apps/cantine/semaine/enregistrer', new URLSearchParams({ _csrf: csrf, lundi: day, montre: `${key}|0`, jour: key }).toString(), cookie)
  if (status !== 303 || !location.includes('faits=1')) throw new Error(`Nothing was booked: ${status} ${location}`)
}

async function fetchBare(port: number, path: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`)
  if (answer.status !== 200 || (await answer.text()) === '') throw new Error(`The bare server answered ${answer.status}.`)
}

async function send(method: 'GET' | 'POST', path: string, body = '', as = tenant.cookie): Promise<{ readonly status: number; readonly location: string; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly location: string; readonly text: string }>()
  const { host, port } = tenant
  const headers = { host: `${host}:${port}`, cookie: as, accept: 'text/html', ...(method === 'GET' ? {} : { origin: `http://${host}:${port}`, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }) }
  request({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => { resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', text }) })
  }).on('error', reject).end(body)
  return promise
}
