import { Option } from 'commander'
import type { Platform } from '../../platform.ts'
import type { TenantSearch } from '../../tenancy/tenant-index.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { wholeNumber } from '../option-values.ts'
import { describeTenant } from '../tenant-description.ts'
import { textTable } from '../text-table.ts'

interface Options extends TenantSearch {
  readonly search?: string
  readonly limit?: number
  readonly offset: number
}

const MOST = 1_000_000

/** `tenant list` */
export const tenantList: PlatformCommand = {
  kind: 'platform',
  name: 'tenant list',
  summary: 'list the tenants, the Pool first',
  define(command) {
    command
      .option('--search <text>', 'only those whose name, slug, INSEE code or SIREN holds this, accents and case aside')
      .addOption(new Option('--kind <kind>', 'only those of a kind').choices(['pool', 'epci', 'commune', 'satellite']))
      .option('--limit <n>', 'so many at most (default: all)', wholeNumber(1, MOST))
      .addOption(new Option('--offset <n>', 'so many left out, from the first on').argParser(wholeNumber(0, MOST)).default(0))
  },
  async run(platform: Platform, { options: { search, kind, limit = MOST, offset } }: Input<Options>, io: Io) {
    const found = platform.tenants.search({ ...(search === undefined ? {} : { text: search }), ...(kind === undefined ? {} : { kind }) })
    const tenants = found.slice(offset, offset + limit).map((tenant) => describeTenant(platform, tenant))
    io.answer(tenants, textTable(
      ['slug', 'name', 'kind', 'parent', 'insee', 'siren', 'population', 'plugins'],
      tenants.map(({ slug, name, kind: what, parent, insee, siren, population, plugins }) => [slug, name, what, parent, insee, siren, population, plugins.length]),
      platform.tenants.pool() === undefined ? 'There is no tenant yet. Make the Pool with `liberacces tenant create NAME --siren N`.' : 'No tenant fits.',
    ))
  },
}
