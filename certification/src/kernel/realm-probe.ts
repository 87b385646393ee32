import { digestOf, writeArchive } from '@liberacces/core'

/** Where the changed plugin tells what it found. */
export const REALM_PATH = '/certification-realm'

// Runs within the plugin's process, in front of its code and behind it: what belongs to all code there must be as it was. Node itself keeps its
// dispatcher there, once somebody has used fetch or a Response.
const BEFORE = `
const __certificationRealm = (() => {
  const roots = { Object, Array, String, Number, Boolean, Function, Promise, Map, Set, WeakMap, RegExp, Date, JSON, Math, Reflect, Symbol, Error, TypeError, BigInt, ArrayBuffer, Uint8Array, Proxy };
  const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { ownKeys } = Reflect;
  const look = () => {
    const seen = new Map();
    for (const name of ownKeys(globalThis)) seen.set('globalThis.' + String(name), 'there');
    for (const [name, root] of Object.entries(roots)) {
      for (const [place, of] of [[name, root], [name + '.prototype', root.prototype]]) {
        if (of === undefined || of === null) continue;
        for (const key of ownKeys(of)) { const found = getOwnPropertyDescriptor(of, key); seen.set(place + '.' + String(key), found.value ?? found.get); }
        seen.set('the prototype of ' + place, getPrototypeOf(of));
      }
    }
    return seen;
  };
  const before = look();
  return () => {
    const now = look();
    return [...new Set([...before.keys(), ...now.keys()])].filter((key) => key !== 'globalThis.__certificationRealm' && !key.startsWith('globalThis.Symbol(undici.') && !Object.is(before.get(key), now.get(key)) && !(key.startsWith('globalThis.') && !now.has(key))).map((key) => (before.has(key) ? key + ' was replaced' : key + ' was added'));
  };
})();
`
const AFTER = `
;{
  const given = module.exports.default ?? module.exports;
  module.exports = { default: { ...given, setup(k) {
    given.setup(k);
    k.route({ method: 'GET', path: '${REALM_PATH}', audience: 'public', summary: 'Certification', response: { 200: { type: 'array', items: { type: 'string' } } } }, (c) => c.reply(200, __certificationRealm()));
  } } };
}
`

/** The archive of the same plugin that tells, at {@link REALM_PATH}, which objects of the language it has changed. */
export async function withRealmProbe(files: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const { main } = JSON.parse(files.get('package.json')?.toString() ?? '{}') as { readonly main?: string }
  const path = (main ?? './plugin.cjs').replace(/^\.\//, '')
  const code = files.get(path)
  if (code === undefined) throw new Error(`There is no ${path} in the archive.`)
  const changed = new Map<string, Uint8Array>([...files].filter(([name]) => name !== 'digests.json'))
  changed.set(path, Buffer.from(`${BEFORE}${code.toString()}${AFTER}`))
  changed.set('digests.json', Buffer.from(JSON.stringify(Object.fromEntries([...changed].map(([name, content]) => [name, digestOf(content)] as const).sort(([a], [b]) => (a < b ? -1 : 1))))))
  return writeArchive(changed)
}
