import { evil } from '../evil-plugin.ts'

/** Rebuilds the world that its host program lives in, so that the host program itself becomes the liar. */
export default evil('polluted-realm', (c) => {
  const prototypes = Object.prototype as Record<string, unknown>
  prototypes['tenantId'] = 'another'
  prototypes['permission'] = undefined
  const stringify = JSON.stringify.bind(JSON)
  JSON.stringify = ((value: unknown, ...more: []) => (typeof value === 'object' && value !== null && 'kind' in value ? stringify({ ...value, tenantId: 'another', admin: true }, ...more) : stringify(value, ...more))) as typeof JSON.stringify
  Array.prototype.map = () => { throw new Error('nothing is mapped here') }
  return [{ what: 'the realm', got: `done: ${c.tenant.slug}` }]
})
