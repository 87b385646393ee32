import { Option } from 'commander'
import type { Platform } from '../../platform.ts'
import type { Tenant } from '../../tenancy/tenant.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected, wholeNumber } from '../option-values.ts'
import { describeTenant } from '../tenant-description.ts'

type Kind = Tenant['info']['kind']

interface Options {
  readonly insee?: string
  readonly siren?: string
  readonly parent?: string
  readonly kind?: Kind
  readonly slug?: string
  readonly population?: number
  readonly host?: readonly string[]
}

/** `tenant create NAME [--insee CODE|--siren N] [--parent T]` */
export const tenantCreate: PlatformCommand = {
  kind: 'platform',
  name: 'tenant create',
  summary: 'make a tenant: first the Pool, then its communes and satellites',
  define(command) {
    command
      .argument('<name>', 'its name, as people read it')
      .addOption(new Option('--insee <code>', 'INSEE code of the commune; SIREN and population follow from it').conflicts('siren'))
      .option('--siren <number>', 'SIREN of the Pool, groupement or satellite')
      .option('--parent <slug>', 'tenant above it (default: the Pool)')
      .addOption(new Option('--kind <kind>', 'default: pool for the first, commune with --insee, satellite otherwise').choices(['pool', 'epci', 'commune', 'satellite']))
      .option('--slug <slug>', 'its name in addresses (default: made of the name)')
      .option('--population <n>', 'inhabitants', wholeNumber(0, 1_000_000_000))
      .option('--host <host>', 'a further host name at which it answers; may be repeated', collected)
  },
  async run(platform: Platform, { args: [name], options }: Input<Options, [string]>, io: Io) {
    const { insee, siren, parent, slug, population, host: hosts } = options
    const kind = options.kind ?? (insee !== undefined ? 'commune' : platform.tenants.pool() === undefined ? 'pool' : 'satellite')
    const tenant = await platform.tenants.create({
      name, kind,
      ...(insee === undefined ? {} : { insee }),
      ...(siren === undefined ? {} : { siren }),
      ...(parent === undefined ? {} : { parent }),
      ...(slug === undefined ? {} : { slug }),
      ...(population === undefined ? {} : { population }),
      ...(hosts === undefined ? {} : { hosts }),
    }, operator())
    io.answer(describeTenant(platform, tenant), `Made ${tenant.info.kind} "${tenant.info.name}" (${tenant.info.slug}), at ${tenant.hosts.join(', ')}.`)
  },
}
