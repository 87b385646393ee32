import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected, tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly permission?: readonly string[]
}

/** `share list --tenant T` */
export const shareList: PlatformCommand = {
  kind: 'platform',
  name: 'share list',
  summary: 'list what a tenant shares with its satellites, and is offered by the tenant above',
  define(command) {
    command.addOption(tenantOption())
  },
  run(platform: Platform, { options: { tenant } }: Input<Options>, io: Io) {
    const { id } = tenantOf(platform, tenant)
    const slugOf = (tenantId: string): string => platform.tenants.byId(tenantId)?.info.slug ?? ''
    const shares = [...platform.shares.offeredBy(id), ...platform.shares.offeredTo(id)].map((share) => ({
      satellite: slugOf(share.satelliteId), from: slugOf(share.parentId), what: share.what, permissions: share.permissions, accepted: share.acceptedAt !== undefined,
    }))
    io.answer(shares, textTable(['satellite', 'from', 'what', 'permissions', 'accepted'], shares.map((share) => [share.satellite, share.from, share.what, share.permissions.join(' '), share.accepted]), `Nothing is shared with or by ${tenant}.`))
    return Promise.resolve()
  },
}

/** `share start WHAT --tenant SATELLITE` */
export const shareStart: PlatformCommand = {
  kind: 'platform',
  name: 'share start',
  summary: 'share accounts, or a contract, of the tenant above with a satellite: offered and accepted in one, where both agreed',
  define(command) {
    command.argument('<what>', '`accounts`, or a contract such as fr.liberacces.directory/v1').addOption(tenantOption())
      .option('--permission <name>', 'one that calls from the satellite hold, by its full name; may be repeated', collected)
  },
  async run(platform: Platform, { args: [what], options: { tenant, permission = [] } }: Input<Options, [string]>, io: Io) {
    const { id, parentId = '' } = tenantOf(platform, tenant)
    const by = operator()
    await platform.shares.offer(parentId, id, { what, permissions: permission }, by)
    await platform.shares.accept(id, what, by)
    const from = platform.tenants.byId(parentId)?.info.slug ?? ''
    io.answer({ tenant, from, what, permissions: permission, accepted: true }, `${from} shares ${what} with ${tenant}.`)
  },
}

/** `share stop WHAT --tenant SATELLITE` */
export const shareStop: PlatformCommand = {
  kind: 'platform',
  name: 'share stop',
  summary: 'end a share at once; refused by name while plugins of the satellite need it',
  define(command) {
    command.argument('<what>', 'as in share list').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [what], options: { tenant } }: Input<Options, [string]>, io: Io) {
    await platform.shares.end(tenantOf(platform, tenant).id, what, operator())
    io.answer({ tenant, what, ended: true }, `${what} is shared with ${tenant} no more.`)
  },
}
