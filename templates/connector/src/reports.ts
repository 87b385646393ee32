/** The reports in the tables: every question and every change. */
import { handOver } from './application.ts'
import { ReportHandedOver } from './contract.ts'
import { backOffMs, type Kind, type ReportState } from './road-problem.ts'
import type { RoadReportContext, RoadReportDatabase } from './road-report-types.ts'
import type { ReportRow } from './tables.ts'

/** What somebody reports. */
export interface NewReport {
  readonly kind: Kind
  readonly place: string
  readonly details: string
}

/** How the queue stands. */
export interface QueueState {
  readonly waiting: number
  readonly refused: number
  /** Why the last try of what waits failed; `undefined` where all is well. */
  readonly problem: string | undefined
  /** When the oldest of what waits was sent. */
  readonly since: string | undefined
}

/** Reports handed over in one run. What is left waits for the next one. */
const MOST_AT_ONCE = 50

/** Stores a report. It is safe from here on, whether the application answers or not. */
export async function addReport(c: RoadReportContext, { kind, place, details }: NewReport): Promise<void> {
  const now = c.now().toISOString()
  await c.db.insertInto('report').values({ id: c.id(), kind, place, details, sent_at: now, state: 'waiting', tries: 0, next_try_at: now, reference: null, problem: null }).execute()
}

/**
 * Hands over what is due, the oldest first. When the application is away the run ends: the others would find the same. A report that was handed over and whose
 * note was lost in a crash is handed over again, under the same key.
 * @returns how many it took
 */
export async function handOverDue(c: RoadReportContext): Promise<number> {
  const { serverUrl } = c.settings
  if (!c.granted('net:voirie.example.org')) return 0
  const due = await c.db.selectFrom('report').selectAll().where('state', '=', 'waiting').where('next_try_at', '<=', c.now().toISOString()).orderBy('next_try_at').orderBy('id').limit(MOST_AT_ONCE).execute()
  let taken = 0
  for (const report of due) {
    const outcome = await handOver(c, serverUrl, report)
    await noteOutcome(c, report, outcome)
    if (outcome.kind === 'later') break
    if (outcome.kind === 'taken') taken += 1
  }
  return taken
}

async function noteOutcome(c: RoadReportContext, { id, kind, tries: before }: ReportRow, outcome: Awaited<ReturnType<typeof handOver>>): Promise<void> {
  const tries = before + 1
  await c.transaction(async (tx) => {
    const update = tx.updateTable('report').where('id', '=', id)
    switch (outcome.kind) {
      case 'taken':
        await update.set({ state: 'handed-over', tries, reference: outcome.reference, problem: null }).execute()
        await tx.emit(ReportHandedOver, { id, kind, reference: outcome.reference })
        return
      case 'refused':
        await update.set({ state: 'refused', tries, problem: outcome.why }).execute()
        return
      case 'later':
        await update.set({ tries, problem: outcome.why, next_try_at: new Date(c.now().getTime() + (outcome.afterMs ?? backOffMs(tries))).toISOString() }).execute()
        return
      default: outcome satisfies never
    }
  })
}

/** Has everything that waits, or was refused, tried at the next run. */
export async function retryAll(c: RoadReportContext): Promise<number> {
  const { numUpdatedRows } = await c.db.updateTable('report').set({ state: 'waiting', tries: 0, next_try_at: c.now().toISOString() }).where('state', 'in', ['waiting', 'refused']).executeTakeFirstOrThrow()
  await c.audit('reports.retried', c.tenant.slug, { reports: Number(numUpdatedRows) })
  return Number(numUpdatedRows)
}

/** How the queue stands. */
export async function queueState(db: RoadReportDatabase): Promise<QueueState> {
  const counts = await db.selectFrom('report').select((is) => ['state', is.fn.countAll().as('count')]).where('state', '!=', 'handed-over').groupBy('state').execute()
  const oldest = await db.selectFrom('report').select('sent_at').where('state', '=', 'waiting').orderBy('sent_at').limit(1).executeTakeFirst()
  // What has not been tried yet says nothing of the application.
  const failed = await db.selectFrom('report').select('problem').where('state', '=', 'waiting').where('problem', 'is not', null).orderBy('next_try_at', 'desc').limit(1).executeTakeFirst()
  const countOf = (state: ReportState): number => Number(counts.find((one) => one.state === state)?.count ?? 0)
  return { waiting: countOf('waiting'), refused: countOf('refused'), problem: failed?.problem ?? undefined, since: oldest?.sent_at }
}

/** One page of all reports, newest first. */
export function latestReports(db: RoadReportDatabase, { offset, limit }: { readonly offset: number; readonly limit: number }) {
  return db.selectFrom('report').selectAll().orderBy('id', 'desc').offset(offset).limit(limit).execute()
}

/** How many reports there are. */
export async function countReports(db: RoadReportDatabase): Promise<number> {
  const { count } = await db.selectFrom('report').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}
