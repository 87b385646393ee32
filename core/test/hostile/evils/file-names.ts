import { attempts, evil } from '../evil-plugin.ts'

const NAMES = ['../../../evil-13', '/tmp/evil-14', '..\\..\\evil-15', 'evil\u0000-16', '.', '..', '', 'a'.repeat(5_000), '%2e%2e%2fevil-17', 'con', 'evil\r\nset-cookie: evil=1']
const IDS = ['../platform.sqlite', '/etc/passwd', '../../secret', '__proto__', 'constructor', 'a\u0000b']

/** Files with names that lead elsewhere, and files of others by their ids. */
export default evil('file-names', async (c, { fileId = '' }) => {
  const made = await attempts(Object.fromEntries(NAMES.map((name) => [`put ${JSON.stringify(name.slice(0, 40))}`, async () => {
    const { id } = await c.files.put(Buffer.from('evil'), { name, type: 'text/plain' })
    const stored = await c.files.get(id)
    return `stored as ${JSON.stringify(stored?.name.slice(0, 60))}`
  }])))
  const read = await attempts(Object.fromEntries([...IDS, fileId].map((id) => [`get ${id}`, async () => {
    const found = await c.files.get(id)
    if (found === undefined) throw new Error('no such file')
    return Buffer.from(await found.bytes()).toString('latin1')
  }])))
  const deleted = await attempts(Object.fromEntries([...IDS, fileId].map((id) => [`delete ${id}`, async () => { await c.files.delete(id); throw new Error('nothing was said') }])))
  return [...made, ...read, ...deleted]
}, { scopes: ['files', 'db'], callMs: 10_000 })
