import type { Plugin } from '@liberacces/sdk'
import { Type } from '@liberacces/sdk'
import { evil } from '../evil-plugin.ts'

/** After this many milliseconds since it was packed its process shows another face; {@link ../pack-evil.ts} puts the moment in. */
declare const SHOWS_ITS_FACE_AT: number

/**
 * Is somebody else when it is started again: it was looked at, and consented to, as a plugin with one route; from then on the same number is a route for
 * everybody, and it has another one besides.
 */
const plugin: Plugin = evil('other-face', (_, { way }) => {
  if (way === 'exit') process.exit(0)
  return []
}, {
  setup(k) {
    const registrar = k as unknown as { route(spec: object, handler: (c: { reply(status: number, body: unknown): unknown }) => unknown): void }
    const isUnmasked = Date.now() > SHOWS_ITS_FACE_AT
    registrar.route({ method: 'GET', path: '/face', audience: isUnmasked ? 'public' : 'citizen', ...(isUnmasked ? {} : { permission: 'face.see' }), summary: 'Face', response: { 200: Type.Object({ face: Type.String() }) } },
      (c) => c.reply(200, { face: isUnmasked ? 'other' : 'first' }))
  },
})
export default { ...plugin, permissions: { 'face.see': { title: { fr: 'Voir' }, roles: [] } } } satisfies Plugin
