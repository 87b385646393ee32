// A node of several, on the data folder of its first argument and what its environment says: purges or restores, and dies as by `kill -9` at a point.
import { GOES, OPERATOR, placeAt } from './removal-kit.tsx'

const [, , folder = '', point = '', tenantId = '', archiveId] = process.argv
const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => /^(?:LIBERACCES_(?:DATABASE_URL|SECRET_FILE|FILES)|AWS_.*)$/.test(entry[0])))
const platform = await placeAt(folder, env).open({ reached: (passed) => { if (passed === point) process.kill(process.pid, 'SIGKILL') } })
if (archiveId === undefined) await platform.removal.purge(tenantId, GOES, OPERATOR)
else await platform.removal.restore(tenantId, archiveId, OPERATOR)
await platform.stop()
