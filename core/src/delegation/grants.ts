// Longer than others: every state of a grant and who may bring it there, over one table and what of it is held in memory.
import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Account } from '../identity/accounts.ts'
import type { Roles } from '../identity/roles.ts'
import { hashOfToken, newSecretToken } from '../identity/secret-token.ts'
import type { OpenedSession, Sessions } from '../identity/sessions.ts'
import { changedAmong, type Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import { grantOf, grantState, REQUEST_WAITS_MS, type Grant, type GrantEnd } from './grant.ts'
import { checkGrant, type GrantWish } from './plan-grant.ts'
import type { IsPoolActor } from './pool-actor.ts'
import { isOpen } from './reach.ts'

/** A ticket is good for this long, in milliseconds: the time of a click. */
const TICKET_MS = 60_000

/** Which grants to list. */
export interface GrantQuery {
  readonly tenantId?: string
  readonly operatorId?: string
  /** 1 to 500. @defaultValue 100 */
  readonly limit?: number
}

/** How operators of the Pool get into tenants: by a grant with a reason, for a time, seen by the tenant, on record on both sides. */
export interface Grants {
  /**
   * Asks to enter a tenant. Opens at once, unless the tenant wants to be asked first.
   * @throws PlatformError `GRANT_INVALID`, `TENANT_UNKNOWN`, `PERMISSION_DENIED` for anyone but the Pool
   */
  request(wish: GrantWish, by: AuditActor): Promise<Grant>
  /** The tenant lets the operator in; the time runs from now. @throws PlatformError `GRANT_UNKNOWN`, `GRANT_OVER`, `PERMISSION_DENIED` for anyone but the tenant */
  approve(tenantId: string, id: string, by: AuditActor): Promise<Grant>
  /** The tenant says no. @throws PlatformError as for {@link Grants.approve} */
  refuse(tenantId: string, id: string, by: AuditActor): Promise<Grant>
  /**
   * Ends a grant at once, with its sessions and tickets. The tenant may, and the Pool. One that is over stays as it is.
   * @throws PlatformError `GRANT_UNKNOWN`, `PERMISSION_DENIED`
   */
  close(id: string, by: AuditActor): Promise<Grant>
  get(id: string): Promise<Grant | undefined>
  /** Newest first. */
  list(query: GrantQuery): Promise<readonly Grant[]>
  /** Grants that hold on a tenant now. In memory: asked for every page. */
  openOn(tenantId: string): readonly Grant[]
  /** Requests that wait for a tenant. In memory. */
  waitingFor(tenantId: string): readonly Grant[]
  /**
   * A ticket with which the operator enters the tenant's host. It is said once, works once, for a minute, there alone.
   * @throws PlatformError `GRANT_UNKNOWN`, `GRANT_OVER`, `PERMISSION_DENIED` for anyone but the operator it was given to
   */
  ticket(id: string, operatorId: string): Promise<{ readonly ticket: string; readonly expiresAt: number }>
  /**
   * Trades a ticket for a session on its tenant. A ticket that was shown is used up, also where it is refused.
   * @throws PlatformError `TICKET_INVALID`
   */
  enter(ticket: string, tenant: Tenant, previousToken?: string): Promise<OpenedSession & { readonly grant: Grant }>
  /** Whether a tenant wants to be asked first. */
  approvalRequired(tenantId: string): Promise<boolean>
  /** @throws PlatformError `PERMISSION_DENIED` for anyone but the tenant */
  requireApproval(tenantId: string, required: boolean, by: AuditActor): Promise<void>
  /** Forgets what is held in memory of a tenant that is deleted: one that comes later under its id starts anew. */
  forget(tenantId: string): void
  /** Writes down what time has ended, and deletes tickets that have run out. Call it now and then. */
  sweep(): Promise<void>
  /** Grants in memory. */
  readonly held: Reloadable
}

/** What grants are made from. */
export interface GrantsOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly tenants: Tenants
  readonly roles: Roles
  readonly sessions: Sessions
  readonly accountOf: (tenantId: string, id: string) => Promise<Account | undefined>
  readonly isPoolActor: IsPoolActor
}

const SYSTEM: AuditActor = { kind: 'system', id: 'system', name: 'LiberAccès' }

/** Grants on the kernel's tables; those that are not over also in memory, where every page looks. */
export async function openGrants({ storage, outside, audit, tenants, roles, sessions, accountOf, isPoolActor }: GrantsOptions): Promise<Grants> {
  /** By tenant. Lists are replaced, never changed. */
  let pending: ReadonlyMap<string, readonly Grant[]> = new Map()
  const held: Reloadable = {
    tables: ['operator_grant'],
    async reload(changed) {
      const query = storage.platform.selectFrom('operator_grant').selectAll().where('ended_at', 'is', null).orderBy('requested_at')
      const rows = await (changed === undefined ? query : query.where('tenant_id', 'in', [...changed])).execute()
      const gone = new Set(changedAmong(pending, changed))
      pending = new Map([...pending].filter(([id]) => !gone.has(id)))
      for (const row of rows) show(grantOf(row))
    },
  }
  await held.reload(undefined)

  const find = async (id: string, tx: Kysely<PlatformTables> = storage.platform): Promise<Grant> => {
    const row = await tx.selectFrom('operator_grant').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new PlatformError('GRANT_UNKNOWN', 'There is no such grant.', { fix: 'See `liberacces grant list`.' })
    return grantOf(row)
  }

  /** Reads, decides and writes as one; then shows it. A crash before the commit leaves it as it was, one after it finds it again. */
  const change = async (id: string, tenantId: string | undefined, write: (tx: Kysely<PlatformTables>, grant: Grant) => Promise<void>): Promise<Grant> => {
    const after = await storage.platformTransaction(async (tx) => {
      const grant = await find(id, tx)
      if (tenantId !== undefined && grant.tenantId !== tenantId) throw new PlatformError('GRANT_UNKNOWN', 'There is no such grant here.', { fix: 'See the tenant\'s administration.' })
      await write(tx, grant)
      await outside.reached?.('grant:written')
      return find(id, tx)
    })
    show(after)
    return after
  }

  const open = async (tx: Kysely<PlatformTables>, grant: Pick<Grant, 'id' | 'minutes'>, by: AuditActor): Promise<void> => {
    const now = outside.now()
    await tx.updateTable('operator_grant').set({ opened_at: now, opened_by: by.name, ends_at: now + grant.minutes * 60_000 }).where('id', '=', grant.id).execute()
    await record(tx, await find(grant.id, tx), 'grant.opened', by)
  }

  const end = async (tx: Kysely<PlatformTables>, grant: Grant, kind: GrantEnd, by: AuditActor): Promise<void> => {
    await tx.updateTable('operator_grant').set({ ended_at: outside.now(), ended_by: by.name, end_kind: kind }).where('id', '=', grant.id).execute()
    await tx.deleteFrom('session').where('grant_id', '=', grant.id).execute()
    await tx.deleteFrom('grant_ticket').where('grant_id', '=', grant.id).execute()
    await record(tx, grant, `grant.${kind}`, by)
  }

  const isOf = async (tenantId: string, by: AuditActor): Promise<boolean> => by.kind === 'account' && (await accountOf(tenantId, by.id))?.status === 'active'
  const onlyTenant = async (tenantId: string, by: AuditActor): Promise<void> => {
    if (!await isOf(tenantId, by)) throw new PlatformError('PERMISSION_DENIED', 'Only the tenant itself decides whom it lets in.', { fix: 'Ask one of its administrators.' })
  }
  const awaited = (grant: Grant): void => {
    if (grantState(grant, outside.now()) !== 'requested') throw over()
  }

  return {
    held,
    async request(wish, by) {
      if (!await isPoolActor(by)) throw new PlatformError('PERMISSION_DENIED', 'Only the Pool asks to enter a tenant.', { fix: 'Ask an administrator of the Pool.' })
      const pool = tenants.pool()
      const operator = pool === undefined ? undefined : await accountOf(pool.id, wish.operatorId)
      const { tenant, reason } = checkGrant(tenants, wish, operator, pool?.id, await roles.list(wish.tenantId))
      const id = v7({ msecs: outside.now(), random: outside.randomBytes(16) })
      const grant = await storage.platformTransaction(async (tx) => {
        const now = outside.now()
        const others = await tx.selectFrom('operator_grant').selectAll().where('tenant_id', '=', tenant.id).where('account_id', '=', wish.operatorId).where('ended_at', 'is', null).execute()
        if (others.some((row) => grantState(grantOf(row), now) !== 'over')) throw alreadyThere(tenant)
        await tx.insertInto('operator_grant').values({
          id, tenant_id: tenant.id, account_id: wish.operatorId, operator_name: operator?.name ?? '', role: wish.role, writes: wish.writes === true ? 1 : 0, reason, minutes: wish.minutes,
          requested_at: now, requested_by: by.name, decide_by: now + REQUEST_WAITS_MS,
        }).execute()
        await outside.reached?.('grant:written')
        if (await needsApproval(tenant.id, tx)) await record(tx, await find(id, tx), 'grant.requested', by)
        else await open(tx, { id, minutes: wish.minutes }, by)
        return find(id, tx)
      })
      show(grant)
      return grant
    },

    async approve(tenantId, id, by) {
      await onlyTenant(tenantId, by)
      return change(id, tenantId, async (tx, grant) => {
        awaited(grant)
        await open(tx, grant, by)
      })
    },

    async refuse(tenantId, id, by) {
      await onlyTenant(tenantId, by)
      return change(id, tenantId, async (tx, grant) => {
        awaited(grant)
        await end(tx, grant, 'refused', by)
      })
    },

    async close(id, by) {
      const { tenantId } = await find(id)
      if (by.grant !== id && !await isOf(tenantId, by) && !await isPoolActor(by)) throw new PlatformError('PERMISSION_DENIED', 'Only the tenant or the Pool ends a grant.', { fix: 'Ask an administrator.' })
      return change(id, undefined, async (tx, grant) => {
        if (grantState(grant, outside.now()) !== 'over') await end(tx, grant, 'closed', by)
      })
    },

    async get(id) {
      const row = await storage.platform.selectFrom('operator_grant').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : grantOf(row)
    },

    async list({ tenantId, operatorId, limit = 100 }) {
      let query = storage.platform.selectFrom('operator_grant').selectAll()
      if (tenantId !== undefined) query = query.where('tenant_id', '=', tenantId)
      if (operatorId !== undefined) query = query.where('account_id', '=', operatorId)
      return (await query.orderBy('requested_at', 'desc').orderBy('id', 'desc').limit(Math.min(500, Math.max(1, Math.trunc(limit)))).execute()).map(grantOf)
    },

    openOn(tenantId) {
      const here = pending.get(tenantId)
      return here === undefined ? NONE : here.filter((grant) => grantState(grant, outside.now()) === 'open')
    },

    waitingFor(tenantId) {
      const here = pending.get(tenantId)
      return here === undefined ? NONE : here.filter((grant) => grantState(grant, outside.now()) === 'requested')
    },

    async ticket(id, operatorId) {
      const grant = await find(id)
      if (grant.operatorId !== operatorId) throw new PlatformError('PERMISSION_DENIED', 'This grant was given to another operator.', { fix: 'Ask for one of your own.' })
      if (!isOpen(grant, outside.now())) throw over()
      const ticket = newSecretToken(outside)
      const expiresAt = Math.min(outside.now() + TICKET_MS, grant.endsAt ?? 0)
      // One at a time: asking for another makes the one before worthless.
      await storage.platformTransaction(async (tx) => {
        await tx.deleteFrom('grant_ticket').where('grant_id', '=', id).execute()
        await tx.insertInto('grant_ticket').values({ ticket_hash: hashed(ticket), grant_id: id, expires_at: expiresAt }).execute()
      })
      return { ticket, expiresAt }
    },

    async enter(ticket, tenant, previousToken) {
      const hash = hashOfToken(ticket)
      // Used up first, by itself: whatever happens next, it opens nothing a second time.
      const used = hash === undefined ? undefined : await storage.platform.deleteFrom('grant_ticket').where('ticket_hash', '=', hash).returningAll().executeTakeFirst()
      await outside.reached?.('grant:ticket-used')
      if (used === undefined || used.expires_at <= outside.now()) throw ticketInvalid()
      const mayEnter = await isPoolActor({ kind: 'account', id: (await find(used.grant_id)).operatorId, name: '' })
      return storage.platformTransaction(async (tx) => {
        const grant = await find(used.grant_id, tx)
        if (grant.tenantId !== tenant.id || !isOpen(grant, outside.now()) || grant.endsAt === undefined || !mayEnter) throw ticketInvalid()
        if (previousToken !== undefined) await sessions.close(previousToken, tx)
        const session = await sessions.open(tenant.id, grant.operatorId, tx, { kind: 'grant', grantId: grant.id, endsAt: grant.endsAt })
        await record(tx, grant, 'grant.entered', { kind: 'operator', id: grant.operatorId, name: grant.operatorName, grant: grant.id })
        return { ...session, grant }
      })
    },

    approvalRequired: (tenantId) => needsApproval(tenantId, storage.platform),

    async requireApproval(tenantId, required, by) {
      await onlyTenant(tenantId, by)
      if (await needsApproval(tenantId, storage.platform) === required) return
      await storage.platformTransaction(async (tx) => {
        const approval_required = required ? 1 : 0
        await tx.insertInto('governance').values({ tenant_id: tenantId, approval_required }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ approval_required })).execute()
        await audit.record({ tenantId, actor: by, action: required ? 'grant.approval-required' : 'grant.approval-waived', target: tenantId }, tx)
      })
    },

    forget(tenantId) {
      pending = new Map([...pending].filter(([id]) => id !== tenantId))
    },

    async sweep() {
      const now = outside.now()
      await storage.platform.deleteFrom('grant_ticket').where('expires_at', '<=', now).execute()
      // A tenant that was deleted took its grants with it.
      pending = new Map([...pending].filter(([tenantId]) => tenants.byId(tenantId) !== undefined))
      for (const grant of [...pending.values()].flat().filter((one) => grantState(one, now) === 'over')) {
        await change(grant.id, undefined, async (tx, current) => {
          if (current.endedAt === undefined) await end(tx, current, current.openedAt === undefined ? 'lapsed' : 'expired', SYSTEM)
        })
      }
    },
  }

  /** In the tenant's trail, where whoever acts for the Pool is an operator, and in the Pool's. */
  async function record(tx: Kysely<PlatformTables>, grant: Grant, action: string, by: AuditActor): Promise<void> {
    const pool = tenants.pool()
    const detail = {
      grant: grant.id, tenant: tenants.byId(grant.tenantId)?.info.slug ?? '', operator: grant.operatorName, role: grant.role, writes: grant.writes, minutes: grant.minutes, reason: grant.reason,
    }
    const isTheirs = by.kind === 'account' && (await tx.selectFrom('account').select('tenant_id').where('id', '=', by.id).executeTakeFirst())?.tenant_id === grant.tenantId
    const there: AuditActor = by.kind === 'account' && !isTheirs ? { ...by, kind: 'operator' } : by
    await audit.record({ tenantId: grant.tenantId, actor: there, action, target: grant.id, detail }, tx)
    if (pool !== undefined) await audit.record({ tenantId: pool.id, actor: by, action, target: grant.id, detail }, tx)
  }

  async function needsApproval(tenantId: string, tx: Kysely<PlatformTables>): Promise<boolean> {
    return (await tx.selectFrom('governance').select('approval_required').where('tenant_id', '=', tenantId).executeTakeFirst())?.approval_required === 1
  }

  function show(grant: Grant): void {
    const others = (pending.get(grant.tenantId) ?? []).filter(({ id }) => id !== grant.id)
    const here = grant.endedAt === undefined ? [...others, grant] : others
    const next = new Map(pending)
    if (here.length === 0) next.delete(grant.tenantId)
    else next.set(grant.tenantId, here)
    pending = next
  }
}

const NONE: readonly Grant[] = []

function over(): PlatformError {
  return new PlatformError('GRANT_OVER', 'This grant is over, or not open yet.', { fix: 'Ask for another, or wait for the tenant\'s answer.' })
}

function ticketInvalid(): PlatformError {
  return new PlatformError('TICKET_INVALID', 'This ticket has been used, has run out, or is for elsewhere.', { fix: 'Go back to the console and enter from there again.' })
}

function hashed(ticket: string): Uint8Array {
  const hash = hashOfToken(ticket)
  if (hash === undefined) throw new Error('A new ticket has an unexpected form.')
  return hash
}

/** One at a time: of two, nobody would know under which something was done. */
function alreadyThere({ info: { name } }: Tenant): PlatformError {
  const what = `The operator has a grant on ${name} already that is open or waits.`
  return new PlatformError('GRANT_INVALID', `The grant cannot be given: ${what}`, { fix: 'End that one first.', fields: { operator: what } })
}
