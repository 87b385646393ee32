import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

/** `grant close ID` */
export const grantClose: PlatformCommand = {
  kind: 'platform',
  name: 'grant close',
  summary: 'end a grant at once, with its sessions',
  define(command) {
    command.argument('<id>', 'which; see grant list')
  },
  async run(platform: Platform, { args: [id] }: Input<object, [string]>, io: Io) {
    const grant = await platform.grants.close(id, operator())
    io.answer({ id, tenant: platform.tenants.byId(grant.tenantId)?.info.slug ?? '', state: grant.endKind ?? 'closed' }, `Ended the grant ${id}.`)
  },
}
