import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

interface Options {
  readonly tenant: string
  readonly title: string
}

/** `role list --tenant T` */
export const roleList: PlatformCommand = {
  kind: 'platform',
  name: 'role list',
  summary: 'list the roles of a tenant',
  define(command) {
    command.addOption(tenantOption())
  },
  async run(platform: Platform, { options: { tenant } }: Input<Options>, io: Io) {
    const roles = await platform.roles.list(tenantOf(platform, tenant).id)
    io.answer(roles, textTable(['id', 'title', 'origin'], roles.map(({ id, title, origin }) => [id, title.fr, origin]), 'There are no roles.'))
  },
}

/** `role create ID --tenant T --title TEXT` */
export const roleCreate: PlatformCommand = {
  kind: 'platform',
  name: 'role create',
  summary: 'make a role that holds nothing yet',
  define(command) {
    command.argument('<id>', 'such as agent.school').addOption(tenantOption()).requiredOption('--title <text>', 'what people call it')
  },
  async run(platform: Platform, { args: [id], options: { tenant, title } }: Input<Options, [string]>, io: Io) {
    await platform.roles.create(tenantOf(platform, tenant).id, { id, title }, operator())
    io.answer({ tenant, id, title }, `Made the role "${id}" at ${tenant}.`)
  },
}

/** `role rename ID --tenant T --title TEXT` */
export const roleRename: PlatformCommand = {
  kind: 'platform',
  name: 'role rename',
  summary: 'give a role of the tenant\'s own another title',
  define(command) {
    command.argument('<id>', 'which').addOption(tenantOption()).requiredOption('--title <text>', 'what people call it')
  },
  async run(platform: Platform, { args: [id], options: { tenant, title } }: Input<Options, [string]>, io: Io) {
    await platform.roles.rename(tenantOf(platform, tenant).id, id, title, operator())
    io.answer({ tenant, id, title }, `The role "${id}" at ${tenant} is called "${title}".`)
  },
}

/** `role delete ID --tenant T` */
export const roleDelete: PlatformCommand = {
  kind: 'platform',
  name: 'role delete',
  summary: 'delete a role of the tenant\'s own; accounts lose it',
  define(command) {
    command.argument('<id>', 'which').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [id], options: { tenant } }: Input<Options, [string]>, io: Io) {
    await platform.roles.delete(tenantOf(platform, tenant).id, id, operator())
    io.answer({ tenant, id, deleted: true }, `Deleted the role "${id}" at ${tenant}.`)
  },
}
