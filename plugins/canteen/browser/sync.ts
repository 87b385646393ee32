/** Sends what waits. Twice is harmless: each entry has an id, and the platform takes it once. */
import type { Mark } from '../src/attendance/mark.ts'
import { clockOf } from '../src/attendance/verb.ts'
import { forget, keep, waiting, type Waiting } from './queue.ts'
import { rowOf } from './rows.ts'
import { offerOthers, showStatus, tell } from './status.ts'
import { given, text } from './texts.ts'

interface Result {
  readonly id: string
  readonly outcome: 'applied' | 'superseded' | 'duplicate' | 'refused'
  readonly reason?: string
  readonly conflictWith?: { readonly name: string; readonly mark: Mark; readonly recordedAt: string }
}

/** At once; the platform takes 200. */
const MOST = 100
/** How long an answer may take, in milliseconds. */
const LIMIT_MS = 15_000

const mine = (entry: Waiting): boolean => entry.by === given('actor') && entry.refused === undefined

/** Sends all that this person recorded, and says how it went. One window of the browser sends at a time. */
export async function sendAll(): Promise<void> {
  await ('locks' in navigator ? navigator.locks.request('cantine-pointage', sendInTurn) : sendInTurn())
}

async function sendInTurn(): Promise<void> {
  for (;;) {
    const all = await waiting()
    offerOthers(all.filter(({ by, refused }) => by !== given('actor') && refused === undefined), () => { void adopt().catch(reportError) })
    const entries = all.filter(mine)
    if (entries.length === 0) return showStatus(navigator.onLine ? 'online' : 'offline', 0)
    if (!navigator.onLine) return showStatus('offline', entries.length)
    showStatus('online', entries.length)
    const sent = await send(entries.slice(0, MOST))
    if (sent !== 'done') return showStatus(sent, entries.length)
  }
}

/** Takes over what somebody else recorded on this device: whoever is logged in answers for it. */
async function adopt(): Promise<void> {
  for (const entry of await waiting()) if (entry.by !== given('actor')) await keep({ ...entry, by: given('actor') })
  await sendAll()
}

async function send(entries: readonly Waiting[]): Promise<'done' | 'offline' | 'login'> {
  let answer: Response
  try {
    answer = await fetch(given('changes'), {
      method: 'POST', headers: { 'content-type': 'application/json', 'accept': 'application/json' }, signal: AbortSignal.timeout(LIMIT_MS),
      body: JSON.stringify({ sentAt: new Date().toISOString(), changes: entries.map(changeOf) }),
    })
  } catch {
    // No network, or none worth the name: what waits goes on waiting, and the page says so.
    return 'offline'
  }
  if (answer.status === 401 || answer.status === 403) return 'login'
  if (answer.status === 400 || answer.status === 422) {
    // One entry must not keep the others: alone it is told, in company each is tried by itself.
    if (entries.length > 1) {
      for (const entry of entries) {
        const sent = await send([entry])
        if (sent !== 'done') return sent
      }
      return 'done'
    }
    for (const entry of entries) await refuse(entry, `${answer.status}`)
    return 'done'
  }
  if (!answer.ok) return 'offline'
  const { results } = await answer.json() as { readonly results: readonly Result[] }
  for (const result of results) await settle(result, entries.find(({ id }) => id === result.id))
  return 'done'
}

async function settle({ id, outcome, reason = '', conflictWith }: Result, entry: Waiting | undefined): Promise<void> {
  if (outcome === 'refused' && entry !== undefined) return refuse(entry, text(`reason.${reason}`))
  if (conflictWith !== undefined && entry !== undefined) {
    const { name, mark, recordedAt } = conflictWith
    tell(text(outcome === 'superseded' ? 'conflict.lost' : 'conflict.won', { child: nameOf(entry), name, mark: mark === 'none' ? text('state.expected') : text(`state.${mark}`, { time: clockOf(recordedAt) }), time: clockOf(recordedAt) }))
  }
  await forget(id)
}

async function refuse(entry: Waiting, reason: string): Promise<void> {
  await keep({ ...entry, refused: reason })
  tellRefused({ ...entry, refused: reason })
}

/** Says what was refused; it goes when somebody has read it. */
export function tellRefused(entry: Waiting): void {
  tell(text('refused', { child: nameOf(entry), reason: entry.refused ?? '' }), () => { void forget(entry.id).catch(reportError) })
}

function nameOf({ childId }: Waiting): string {
  return rowOf(childId)?.name ?? '–'
}

/** Without what is the device's own affair. */
function changeOf({ id, childId, unitId, day, mark, recordedAt, arrivedAt, leftAt, seen }: Waiting): Omit<Waiting, 'by' | 'refused'> {
  return { id, childId, unitId, day, mark, recordedAt, ...(arrivedAt === undefined ? {} : { arrivedAt }), ...(leftAt === undefined ? {} : { leftAt }), ...(seen === undefined ? {} : { seen }) }
}
