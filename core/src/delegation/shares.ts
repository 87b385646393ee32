import type { Kysely } from 'kysely'
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import { ACCOUNTS, isInForce, mayShare, reachOfContract } from './reach.ts'
import { shareOf, type Share } from './share.ts'

/** A contract that a tenant could share, and the permissions that its operations ask for. */
export interface Shareable {
  readonly contract: string
  /** Title of the plugin that provides it. */
  readonly provider: { readonly fr: string; readonly en?: string | undefined }
  /** Full names. */
  readonly permissions: readonly string[]
}

/** A plugin of a satellite that runs on what the tenant above shares. */
export interface Needing {
  readonly tenantId: string
  readonly pluginId: string
}

/** What tenants share with their satellites: in force when the one offers and the other accepts, until either says otherwise. */
export interface Shares {
  /**
   * Offers something to a satellite directly below. Offering again replaces the permissions.
   * @param offer - `what`: `accounts`, or a contract that an active plugin of the tenant provides; `permissions`: of those that the contract's operations ask for
   * @throws PlatformError `SHARE_INVALID`, `PERMISSION_DENIED` for anyone but the tenant that offers
   */
  offer(parentId: string, satelliteId: string, offer: { readonly what: string; readonly permissions?: readonly string[] }, by: AuditActor): Promise<Share>
  /** The satellite takes what was offered. @throws PlatformError `SHARE_UNKNOWN`, `PERMISSION_DENIED` for anyone but the satellite */
  accept(satelliteId: string, what: string, by: AuditActor): Promise<Share>
  /**
   * Ends a share at once: guests' sessions end, their roles are gone. The tenant takes its offer back, the satellite gives it up.
   * @throws PlatformError `SHARE_UNKNOWN`, `SHARE_NEEDED` while plugins of the satellite need it, `PERMISSION_DENIED`
   */
  end(satelliteId: string, what: string, by: AuditActor): Promise<void>
  /** What a satellite was offered. In memory. */
  offeredTo(satelliteId: string): readonly Share[]
  /** What a tenant offered. In memory. */
  offeredBy(parentId: string): readonly Share[]
  /** Whose accounts may come in on a satellite, if anybody's. In memory. */
  accountsFrom(satelliteId: string): string | undefined
  /** Who answers a satellite's calls to a contract, and what they may do there. In memory: asked at every such call. */
  contractFrom(satelliteId: string, contract: string): { readonly tenantId: string; readonly permissions: readonly string[] } | undefined
  /** Contracts that a satellite need not have itself. In memory. */
  contractsFor(satelliteId: string): ReadonlySet<string>
  /** Contracts that a tenant could share of what it runs. */
  shareable(tenantId: string): readonly Shareable[]
  /** Ids of a satellite's plugins that would lose what they need with a share. */
  dependants(share: Share): readonly string[]
  /** Plugins of satellites that need one of these contracts from this tenant. In memory. */
  needingBelow(parentId: string, contracts: readonly string[]): readonly Needing[]
  /** {@link Shares.needingBelow} in words for a refusal. */
  needing(parentId: string, contracts: readonly string[]): readonly string[]
  /** Satellites that this tenant shares a contract with, in force. In memory. */
  servedBy(parentId: string): readonly string[]
  /** @throws PlatformError `SHARE_NEEDED` while plugins of a satellite need what the tenant above shares: it cannot leave that tenant then */
  requireFree(satelliteId: string): void
  /** Forgets what is held in memory of a tenant that is deleted: one that comes later under its id starts anew. */
  forget(tenantId: string): void
  /** Shares in memory. */
  readonly held: Reloadable
}

/** What shares are made from. */
export interface SharesOptions {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly tenants: Tenants
  /** What a tenant could share of what it runs. */
  readonly shareable: (tenantId: string) => readonly Shareable[]
  /** Ids of a tenant's active plugins that require a contract which none of them provides. */
  readonly needs: (tenantId: string, contract: string) => readonly string[]
  readonly isAccountOf: (tenantId: string, id: string) => Promise<boolean>
  /** Holds what runs at these tenants still, so that nobody switches on meanwhile what needs a share that ends. */
  readonly exclusively: <Result>(tenantIds: readonly string[], change: () => Promise<Result>) => Promise<Result>
}

const NOTHING: ReadonlySet<string> = new Set()
const NONE: readonly Share[] = []

/** Shares on the kernel's tables, and all of them in memory: there are few, and calls ask. */
export async function openShares({ storage, outside, audit, tenants, shareable, needs, isAccountOf, exclusively }: SharesOptions): Promise<Shares> {
  let all: readonly Share[] = []
  let bySatellite: ReadonlyMap<string, readonly Share[]> = new Map()
  const held: Reloadable = {
    tables: ['share'],
    // All: there are few.
    reload: async () => { show((await storage.platform.selectFrom('share').selectAll().orderBy('satellite_id').orderBy('what').execute()).map(shareOf)) },
  }
  await held.reload(undefined)

  const find = (satelliteId: string, what: string): Share => {
    const share = bySatellite.get(satelliteId)?.find((one) => one.what === what)
    if (share === undefined) throw new PlatformError('SHARE_UNKNOWN', `"${what}" is not shared here.`, { fix: 'The tenant above must offer it first.' })
    return share
  }

  /** Whoever runs the server may speak for both sides; an operator with a grant for neither. */
  const only = async (tenantIds: readonly string[], by: AuditActor): Promise<void> => {
    if (by.kind === 'operator' && by.grant === undefined) return
    if (by.kind === 'account') for (const id of tenantIds) if (await isAccountOf(id, by.id)) return
    throw new PlatformError('PERMISSION_DENIED', 'Only the tenants concerned decide what they share.', { fix: 'Ask one of their administrators.' })
  }

  const write = async (share: Pick<Share, 'satelliteId' | 'parentId' | 'what' | 'permissions'>, action: string, by: AuditActor, body: (tx: Kysely<PlatformTables>) => Promise<unknown>): Promise<void> => {
    await storage.platformTransaction(async (tx) => {
      await body(tx)
      const detail = {
        satellite: tenants.byId(share.satelliteId)?.info.slug ?? '', parent: tenants.byId(share.parentId)?.info.slug ?? '', what: share.what,
        ...(share.permissions.length === 0 ? {} : { permissions: share.permissions.join(' ') }),
      }
      for (const tenantId of [share.parentId, share.satelliteId]) await audit.record({ tenantId, actor: by, action, target: share.what, detail }, tx)
      await outside.reached?.('share:written')
    })
    const rows = await storage.platform.selectFrom('share').selectAll().where('satellite_id', '=', share.satelliteId).where('what', '=', share.what).execute()
    show([...all.filter((one) => one.satelliteId !== share.satelliteId || one.what !== share.what), ...rows.map(shareOf)])
  }

  const dependantsOf = (share: Share): readonly string[] => (share.what === ACCOUNTS || !isInForce(tenants, share) ? [] : needs(share.satelliteId, share.what))

  const requireUnneeded = (share: Share): void => {
    const dependants = dependantsOf(share)
    if (dependants.length === 0) return
    throw new PlatformError('SHARE_NEEDED', `"${share.what}" is needed by ${dependants.map((id) => `"${id}"`).join(' and ')} of ${tenants.byId(share.satelliteId)?.info.name ?? share.satelliteId}.`,
      { fix: 'Switch those off there first, or switch on a plugin of its own that provides it.' })
  }

  const needingBelow: Shares['needingBelow'] = (parentId, contracts) => all.filter((share) => share.parentId === parentId && contracts.includes(share.what) && isInForce(tenants, share))
    .flatMap(({ satelliteId, what }) => needs(satelliteId, what).map((pluginId) => ({ tenantId: satelliteId, pluginId })))

  return {
    held,
    shareable,
    dependants: dependantsOf,
    needingBelow,
    servedBy: (parentId) => [...new Set(all.filter((share) => share.parentId === parentId && share.what !== ACCOUNTS && isInForce(tenants, share)).map(({ satelliteId }) => satelliteId))],
    requireFree: (satelliteId) => { for (const share of bySatellite.get(satelliteId) ?? NONE) requireUnneeded(share) },

    forget: (tenantId) => { show(all.filter((share) => share.satelliteId !== tenantId && share.parentId !== tenantId)) },

    async offer(parentId, satelliteId, { what, permissions = [] }, by) {
      await only([parentId], by)
      const fields: Record<string, string> = {}
      if (!mayShare(tenants, parentId, satelliteId)) fields['satellite'] = 'A tenant shares with satellites directly below it, and with nobody else.'
      const known: Pick<Shareable, 'permissions'> | undefined = what === ACCOUNTS ? { permissions: [] } : shareable(parentId).find(({ contract }) => contract === what)
      if (known === undefined) fields['what'] = `No active plugin of this tenant provides "${what}".`
      const strange = permissions.filter((permission) => known?.permissions.includes(permission) !== true)
      if (known !== undefined && strange.length > 0) fields['permissions'] = `"${what}" asks for no such permission: ${strange.join(', ')}.`
      if (Object.keys(fields).length > 0) throw new PlatformError('SHARE_INVALID', `This cannot be shared: ${Object.values(fields).join(' ')}`, { fix: 'Correct what is named.', fields })
      const granted = [...new Set(permissions)].sort()
      const before = bySatellite.get(satelliteId)?.find((one) => one.what === what)
      if (before !== undefined && before.parentId === parentId && before.permissions.join(' ') === granted.join(' ')) return before
      // What the satellite took stays taken: more or fewer permissions are the offering tenant's own to give.
      const accepted = before?.parentId === parentId ? { accepted_at: before.acceptedAt ?? null, accepted_by: before.acceptedBy ?? null } : { accepted_at: null, accepted_by: null }
      const row = { parent_id: parentId, permissions_json: JSON.stringify(granted), offered_at: outside.now(), offered_by: by.name, ...accepted }
      await write({ satelliteId, parentId, what, permissions: granted }, 'share.offered', by, (tx) =>
        tx.insertInto('share').values({ satellite_id: satelliteId, what, ...row }).onConflict((conflict) => conflict.columns(['satellite_id', 'what']).doUpdateSet(row)).execute())
      return find(satelliteId, what)
    },

    async accept(satelliteId, what, by) {
      await only([satelliteId], by)
      const share = find(satelliteId, what)
      if (!mayShare(tenants, share.parentId, satelliteId)) throw new PlatformError('SHARE_INVALID', 'The tenant that offered this is no longer the one above.', { fix: 'Let the one above offer it.' })
      if (share.acceptedAt !== undefined) return share
      await write(share, 'share.accepted', by, (tx) => tx.updateTable('share').set({ accepted_at: outside.now(), accepted_by: by.name })
        .where('satellite_id', '=', satelliteId).where('what', '=', what).where('parent_id', '=', share.parentId).execute())
      return find(satelliteId, what)
    },

    async end(satelliteId, what, by) {
      const share = find(satelliteId, what)
      await only([share.parentId, satelliteId], by)
      await exclusively([share.parentId, satelliteId], async () => {
        requireUnneeded(find(satelliteId, what))
        await write(share, 'share.ended', by, async (tx) => {
          await tx.deleteFrom('share').where('satellite_id', '=', satelliteId).where('what', '=', what).execute()
          if (what !== ACCOUNTS) return
          await tx.deleteFrom('session').where('tenant_id', '=', satelliteId).where('home_id', '=', share.parentId).execute()
          await tx.deleteFrom('guest_role').where('satellite_id', '=', satelliteId).execute()
        })
      })
    },

    offeredTo: (satelliteId) => (bySatellite.get(satelliteId) ?? NONE).filter(({ parentId }) => mayShare(tenants, parentId, satelliteId)),
    offeredBy: (parentId) => all.filter((share) => share.parentId === parentId && mayShare(tenants, parentId, share.satelliteId)),
    accountsFrom: (satelliteId) => bySatellite.get(satelliteId)?.find((share) => share.what === ACCOUNTS && isInForce(tenants, share))?.parentId,
    contractFrom: (satelliteId, contract) => {
      const shares = bySatellite.get(satelliteId)
      return shares === undefined ? undefined : reachOfContract(tenants, shares, contract, satelliteId)
    },
    contractsFor: (satelliteId) => {
      const shares = bySatellite.get(satelliteId)
      return shares === undefined ? NOTHING : new Set(shares.filter((share) => share.what !== ACCOUNTS && isInForce(tenants, share)).map(({ what }) => what))
    },
    needing: (parentId, contracts) => needingBelow(parentId, contracts).map(({ tenantId, pluginId }) => `"${pluginId}" of ${tenants.byId(tenantId)?.info.name ?? tenantId}`),
  }

  function show(shares: readonly Share[]): void {
    all = shares
    bySatellite = Map.groupBy(shares, ({ satelliteId }) => satelliteId)
  }
}
