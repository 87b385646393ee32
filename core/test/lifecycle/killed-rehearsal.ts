// A node that rehearses an upgrade, and dies as by `kill -9` at a point.
import { ID, openNode } from './killed-rehearsal-kit.ts'

const [, , folder = '', point = '', tenantId = '', env = '{}'] = process.argv
const platform = await openNode(folder, JSON.parse(env) as Record<string, string>, (passed) => { if (passed === point) process.kill(process.pid, 'SIGKILL') })
await platform.installations.rehearse(tenantId, ID, { range: '1.1.0', by: { kind: 'operator', id: 'test', name: 'Test' } })
await platform.stop()
