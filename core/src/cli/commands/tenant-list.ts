import type { PlatformCommand } from '../command.ts'
import { describeTenant } from '../tenant-description.ts'
import { textTable } from '../text-table.ts'

/** `tenant list` */
export const tenantList: PlatformCommand = {
  kind: 'platform',
  name: 'tenant list',
  summary: 'list all tenants, the Pool first',
  async run(platform, _input, io) {
    const tenants = platform.tenants.list().map((tenant) => describeTenant(platform, tenant))
    io.answer(tenants, textTable(
      ['slug', 'name', 'kind', 'parent', 'insee', 'siren', 'population', 'plugins'],
      tenants.map(({ slug, name, kind, parent, insee, siren, population, plugins }) => [slug, name, kind, parent, insee, siren, population, plugins.length]),
      'There is no tenant yet. Make the Pool with `liberacces tenant create NAME --siren N`.',
    ))
  },
}
