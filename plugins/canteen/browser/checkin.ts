/** The list of check-in on a tablet: what is tapped is kept on the device first, then shown, then sent. Without this script the same buttons are plain forms. */
import { scannedCode } from '../src/attendance/badge-code.ts'
import { after, VERBS, verbsOf, type Verb } from '../src/attendance/verb.ts'
import { keep, waiting, type Waiting } from './queue.ts'
import { rememberVerbs, rowOf, rows, rowWithBadge, show, summarize, type Row } from './rows.ts'
import { offerCamera } from './scan.ts'
import { showStatus, tell } from './status.ts'
import { sendAll, tellRefused } from './sync.ts'
import { given, text } from './texts.ts'

/** How often what waits is tried again, in milliseconds. */
const TRY_AGAIN_MS = 15_000

const unitId = given('unit')
const hourly = given('hourly') === '1'

if (unitId !== '') {
  rememberVerbs(verbsOf(hourly))
  document.addEventListener('submit', (event) => {
    const { submitter, target } = event
    if (submitter instanceof HTMLButtonElement && submitter.name === 'marque') {
      event.preventDefault()
      const cut = submitter.value.indexOf(':')
      const [verb, row] = [VERBS.find((one) => one === submitter.value.slice(0, cut)), rowOf(submitter.value.slice(cut + 1))]
      if (verb !== undefined && row !== undefined) report(record(verb, row))
    } else if (target instanceof HTMLFormElement && target.elements.namedItem('code') instanceof HTMLInputElement) {
      event.preventDefault()
      const field = target.elements.namedItem('code') as HTMLInputElement
      const code = field.value
      field.value = ''
      field.focus()
      scan(code)
    }
  })
  offerCamera(scan)
  const search = document.getElementById('pointage-recherche')
  const filter = document.getElementById('pointage-filtre')
  if (search !== null && filter instanceof HTMLInputElement) {
    search.hidden = false
    filter.addEventListener('input', () => { narrow(filter.value) })
  }
}
globalThis.addEventListener('online', () => { report(sendAll()) })
globalThis.addEventListener('offline', () => { report(sendAll()) })
setInterval(() => { report(sendIfWaiting()) }, TRY_AGAIN_MS)
report(start())

async function start(): Promise<void> {
  const entries = await waiting()
  for (const entry of entries) {
    if (entry.refused !== undefined) tellRefused(entry)
    else if (entry.unitId === unitId && entry.day === given('day')) {
      const row = rowOf(entry.childId)
      if (row !== undefined) show(row, { mark: entry.mark, arrivedAt: entry.arrivedAt, leftAt: entry.leftAt }, entry.id)
    }
  }
  summarize()
  await sendAll()
}

async function sendIfWaiting(): Promise<void> {
  if ((await waiting()).some(({ refused }) => refused === undefined)) await sendAll()
}

/** First on the disk, then on the screen: what somebody saw as done is not lost by a page that is closed. */
async function record(verb: Verb, row: Row): Promise<void> {
  const now = new Date().toISOString()
  const next = after(verb, row.standing, now, hourly)
  const entry: Waiting = {
    id: crypto.randomUUID(), childId: row.childId, unitId, day: given('day'), mark: next.mark, recordedAt: now, by: given('actor'),
    ...(next.arrivedAt === undefined ? {} : { arrivedAt: next.arrivedAt }), ...(next.leftAt === undefined ? {} : { leftAt: next.leftAt }), ...(row.entryId === undefined ? {} : { seen: row.entryId }),
  }
  await keep(entry)
  show(row, next, entry.id)
  summarize()
  await sendAll()
}

function scan(typed: string): void {
  const row = rowWithBadge(scannedCode(typed) ?? '')
  if (row === undefined) {
    tell(text('unknownCode'))
    return
  }
  const others = row.element.closest('details')
  if (others !== null) others.open = true
  row.element.scrollIntoView({ block: 'center' })
  // A badge that is read twice is no departure.
  if (row.standing.mark === 'present' || row.standing.mark === 'late') return
  report(record('present', row))
}

function narrow(typed: string): void {
  const fold = (words: string): string => words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const wanted = fold(typed).split(/\s+/).filter((word) => word !== '')
  for (const { element, name } of rows()) element.hidden = !wanted.every((word) => fold(name).includes(word))
  const others = document.getElementById('pointage-autres')
  if (wanted.length > 0 && others instanceof HTMLDetailsElement) others.open = true
}

/** What fails is told to whoever looks, and the reader sees that something waits. */
function report(work: Promise<void>): void {
  work.catch((cause: unknown) => {
    reportError(cause)
    showStatus('offline', Number(document.getElementById('pointage-etat')?.dataset['attente'] ?? 0))
  })
}
