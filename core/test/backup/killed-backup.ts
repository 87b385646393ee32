// Makes a backup or restores one, and dies by SIGKILL at the point that it is told. Arguments: data folder, `backup` or `restore`, the backup's folder, point.
import { argv, exit, kill, pid } from 'node:process'
import { randomBytes } from 'node:crypto'
import { restoreBackup } from '../../src/backup/restore-backup.ts'
import { pluginsUnder } from '../../src/catalogue/plugin-source.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/http/log.ts'
import { createPlatform } from '../../src/platform.ts'
import { PLUGINS } from '../cli/cli-kit.ts'
import { runEnvironment } from '../run-environment.ts'

const [, , folder = '', what, backup = '', point = ''] = argv
const reached = async (passed: string): Promise<void> => {
  if (passed !== point) return
  kill(pid, 'SIGKILL')
  await new Promise(() => undefined)
}
if (what === 'restore') {
  await restoreBackup(backup, folder, undefined, reached)
} else {
  const platform = await createPlatform({
    config: readConfig({ PORT: '0', ...await runEnvironment(folder) }, folder), plugins: await pluginsUnder(PLUGINS), log: createLog('silent'),
    outside: { now: Date.now, randomBytes: (length) => randomBytes(length), fetch: () => Promise.reject(new Error('no network')), reached },
  })
  await platform.backup({ out: backup })
}
exit(0)
