import { grantEnd, grantState } from '../../delegation/grant.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { limitOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable, textTime } from '../text-table.ts'

interface Options {
  readonly tenant?: string
  readonly limit: number
}

/** `grant list [--tenant T]` */
export const grantList: PlatformCommand = {
  kind: 'platform',
  name: 'grant list',
  summary: 'list who of the Pool may enter, and entered, which tenant, newest first',
  define(command) {
    command.option('--tenant <slug>', 'only this tenant (default: all)').addOption(limitOption())
  },
  async run(platform: Platform, { options: { tenant, limit } }: Input<Options>, io: Io) {
    const now = Date.now()
    const grants = (await platform.grants.list({ limit, ...(tenant === undefined ? {} : { tenantId: tenantOf(platform, tenant).id }) })).map((grant) => ({
      id: grant.id, tenant: platform.tenants.byId(grant.tenantId)?.info.slug ?? '', operator: grant.operatorName, role: grant.role, writes: grant.writes, reason: grant.reason,
      state: grantEnd(grant, now) ?? grantState(grant, now), endsAt: grant.endedAt ?? grant.endsAt,
    }))
    io.answer(grants, textTable(
      ['id', 'tenant', 'operator', 'role', 'writes', 'state', 'until', 'reason'],
      grants.map(({ id, tenant: where, operator, role, writes, state, endsAt, reason }) => [id, where, operator, role, writes, state, endsAt === undefined ? undefined : textTime(endsAt), reason]),
      'There are no grants.',
    ))
  },
}
