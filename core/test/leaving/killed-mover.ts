// Exports or imports a commune, and dies by SIGKILL at the point that it is told. Arguments: data folder, `export` or `import`, file, point.
import { argv, exit, kill, pid } from 'node:process'
import { randomBytes } from 'node:crypto'
import { pluginsUnder } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createPlatform } from '../../src/platform.ts'
import { createLog } from '../../src/http/log.ts'
import { PLUGINS } from '../cli/cli-kit.ts'
import { runEnvironment } from '../run-environment.ts'

const [, , folder = '', what, file = '', point = ''] = argv
const platform = await createPlatform({
  config: readConfig({ PORT: '0', ...await runEnvironment(folder) }, folder), plugins: await pluginsUnder(PLUGINS), log: createLog('silent'),
  outside: {
    now: Date.now, randomBytes: (length) => randomBytes(length), fetch: () => Promise.reject(new Error('no network')),
    reached: async (passed) => {
      if (passed !== point) return
      kill(pid, 'SIGKILL')
      await new Promise(() => undefined)
    },
  },
})
const by = { kind: 'operator', id: 'test', name: 'Test' } as const
const tenant = platform.tenants.bySlug('aytre')
if (what === 'export' && tenant !== undefined) await platform.leaving.export(tenant, { out: file }, by)
else await platform.leaving.import({ file }, by)
exit(0)
