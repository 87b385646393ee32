/** A commune with a canteen, for tests that go through its pages. */
import { startTestPlatform, type TestClient, type TestPlatform } from '@liberacces/certification/testing'
import canteen from '../src/plugin.tsx'
import type { Rules } from '../src/booking/deadlines/rules.ts'
import { familiesStandIn, standInTown, type StandInTown } from './families-stand-in.ts'

export const APP = '/apps/cantine'
export const html = { headers: { accept: 'text/html' } }

/** Rules under which nothing is ever late. */
export const EASY: Rules = { add: [{ weekdays: '1234567', limit: { kind: 'days-before', days: 0, at: '24:00', skip: [] } }], cancel: 'never', late: 'refused', openOn: ['school'], waitingList: true, offerHours: 24 }

/** A platform with the calendar stored, and who works and books there. The test's clock decides which days are to come. */
export interface CanteenTown { readonly platform: TestPlatform; readonly town: StandInTown; readonly agent: TestClient; readonly parent: TestClient; readonly today: string }

/** Starts it: `parent` is the first guardian of the household `moreau`. */
export async function startCanteen(): Promise<CanteenTown> {
  const town = standInTown()
  const platform = await startTestPlatform({ plugins: [familiesStandIn(town), canteen] })
  const agent = await platform.as(['agent.enfance'])
  const parent = await platform.as('citizen')
  town.link('moreau', platform.tenant().accountOf(parent))
  await agent.submit(`${APP}/gestion/calendrier/connu`, {}, `${APP}/gestion/calendrier`)
  return { platform, town, agent, parent, today: new Date(platform.outside.now()).toISOString().slice(0, 10) }
}

/** Adds an activity with one unit by the agent's forms. @returns the activity's id */
export async function addActivity({ agent }: Pick<CanteenTown, 'agent'>, { name = 'Restauration', rules = EASY, lastDay = '2027-12-31', capacity, approved = false, schools = [] }: { readonly name?: string; readonly rules?: Rules; readonly lastDay?: string; readonly capacity?: number; readonly approved?: boolean; readonly schools?: readonly string[] } = {}): Promise<{ readonly activityId: string }> {
  const made = await agent.submit(`${APP}/gestion/activites/ajouter`, {
    name, kind: 'canteen', firstDay: '2025-09-01', lastDay, schools: schools.join('\n'), openOn: 'school', limitKind: 'days-before', limitNumber: '1', limitAt: '10:00', cancel: 'same', late: 'refused', offerHours: '24', waitingList: 'true',
    ...(approved ? { approvedByAgent: 'true' } : {}), rulesJson: JSON.stringify(rules),
  })
  if (made.status !== 303) throw new Error(made.text)
  const list = (await agent.get(`${APP}/gestion/activites`, html)).text
  const activityId = new RegExp(`activites/([0-9a-f-]{36})/unites/ajouter[^>]*>[^<]*<span[^>]*> ${name}<`).exec(list)?.[1] ?? ''
  const unit = await agent.submit(`${APP}/gestion/activites/${activityId}/unites/ajouter`, { unitName: `Repas ${name}`, unitKind: 'meal', startsAt: '12:00', endsAt: '13:30', weekdays: ['1', '2', '4', '5'], withMeal: 'true', ...(capacity === undefined ? {} : { capacity: String(capacity) }) })
  if (unit.status !== 303) throw new Error(unit.text)
  return { activityId }
}

/** Asks for the enrolment of a child as a parent and accepts it as the agent. */
export async function enrol({ agent }: Pick<CanteenTown, 'agent'>, parent: TestClient, childId: string, activityId: string, firstDay: string): Promise<void> {
  const asked = await parent.submit(`${APP}/inscription/${childId}/${activityId}/confirmer`, { firstDay, rulesRead: 'true' })
  if (asked.status !== 303) throw new Error(asked.text)
  const id = /gestion\/inscriptions\/([0-9a-f-]{36})\/accepter/.exec((await agent.get(`${APP}/gestion`, html)).text)?.[1] ?? ''
  const accepted = await agent.submit(`${APP}/gestion/inscriptions/${id}/accepter`, {}, `${APP}/gestion`)
  if (accepted.status !== 303) throw new Error(accepted.text)
}

/** The cells that a week's page lets be changed, as `child|unit|day` with whether they are booked. */
export async function cells(client: TestClient, monday: string, path = '/semaine'): Promise<readonly { readonly key: string; readonly day: string; readonly booked: boolean }[]> {
  const { text } = await client.get(`${APP}${path}?lundi=${monday}`, html)
  return [...text.matchAll(/name="montre" value="([^"|]+\|[^"|]+\|([0-9-]+))\|([01])"/g)].map(([, key = '', day = '', booked]) => ({ key, day, booked: booked === '1' }))
}

/** Saves a week with these boxes ticked; the page that follows. */
export async function saveWeek(client: TestClient, monday: string, shown: readonly { readonly key: string; readonly booked: boolean }[], ticked: readonly string[], path = '/semaine'): Promise<string> {
  const answer = await client.submit(`${APP}${path}/enregistrer`, { lundi: monday, montre: shown.map(({ key, booked }) => `${key}|${booked ? 1 : 0}`), jour: ticked }, `${APP}${path}`)
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.text}`)
  return (await client.get(new URL(answer.headers['location'] ?? '', 'http://x').href.slice('http://x'.length), html)).text
}

/** The mails that went out, but those on decided enrolments, which {@link enrol} makes. */
export function mailsOf(platform: TestPlatform): TestPlatform['mails'] {
  return platform.mails.filter(({ subject }) => !subject.startsWith('Inscription acceptée'))
}
