import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { LifecycleParts } from './lifecycle-parts.ts'
import { rehearseMove } from './rehearse-move.ts'
import { missingScopes, planned, requireRunning } from './upgrade-plan.ts'

/** What stands in the way of an upgrade. */
export interface RehearsalProblem {
  readonly code: string
  readonly message: string
  readonly fix: string
}

/** Whether an upgrade would go well. */
export interface Rehearsal {
  readonly go: boolean
  readonly from: string
  /** Absent when what runs is the newest, or no plan was found. */
  readonly to?: string
  /** Migrations that would run. */
  readonly migrations: readonly string[]
  /** Scopes that somebody must accept first. */
  readonly scopes: readonly string[]
  readonly problems: readonly RehearsalProblem[]
  readonly ms: number
}

/** How a rehearsal is done. */
export interface RehearsalOptions {
  readonly range: string
  /** Counts scopes that are missing as accepted. */
  readonly acceptScopes?: boolean
  readonly by: AuditActor
}

/**
 * Goes through an upgrade on a copy of the tenant's data: plan, consent, migrations, the release's own check. Nothing of the tenant changes,
 * and whatever is wrong is in the answer.
 * @throws PlatformError `PLUGIN_STATE` when the plugin is not on
 */
export async function rehearse(parts: LifecycleParts, tenantId: string, pluginId: string, { range, acceptScopes = false }: RehearsalOptions): Promise<Rehearsal> {
  const start = performance.now()
  const row = await requireRunning(parts, tenantId, pluginId)
  const problems: RehearsalProblem[] = []
  let to: string | undefined
  let scopes: readonly string[] = []
  let migrations: readonly string[] = []
  try {
    const move = planned(parts, tenantId, pluginId, range, row)
    if (move !== undefined) {
      to = move.target.version
      scopes = await missingScopes(parts, tenantId, move.target)
      if (scopes.length > 0 && !acceptScopes) problems.push({ code: 'PLUGIN_CONSENT_NEEDED', message: `Plugin "${pluginId}" ${to} asks for ${scopes.join(', ')}, which this tenant has not accepted.`, fix: 'Accept it, or add --accept-scopes.' })
      migrations = await parts.active.withLoaded([move.target], ([release]) => (release === undefined ? Promise.resolve([]) : rehearseMove(parts, tenantId, release)))
    }
  } catch (error) {
    problems.push(problemOf(error))
  }
  return { go: problems.length === 0, from: row.version, ...(to === undefined ? {} : { to }), migrations, scopes, problems, ms: Math.round(performance.now() - start) }
}

function problemOf(error: unknown): RehearsalProblem {
  if (!(error instanceof PlatformError)) return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), fix: 'See the log of the platform.' }
  const cause = error.cause instanceof Error && error.code === 'PLUGIN_CALL_FAILED' ? ` ${error.cause.message}` : ''
  return { code: error.code, message: error.message + cause, fix: error.fix }
}
