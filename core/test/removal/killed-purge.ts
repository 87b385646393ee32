// Opens a platform on the data folder of its first argument, purges or restores, and dies as by `kill -9` at the point of its second.
import { GOES, OPERATOR, placeAt } from './removal-kit.tsx'

const [, , folder = '', point = '', tenantId = '', archiveId] = process.argv
const platform = await placeAt(folder).open({ reached: (passed) => { if (passed === point) process.kill(process.pid, 'SIGKILL') } })
if (archiveId === undefined) await platform.removal.purge(tenantId, GOES, OPERATOR)
else await platform.removal.restore(tenantId, archiveId, OPERATOR)
await platform.stop()
