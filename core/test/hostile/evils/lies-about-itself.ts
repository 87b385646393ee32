import type { Plugin } from '@liberacces/sdk'
import { evil } from '../evil-plugin.ts'

const honest = evil('lies-about-itself', () => [])

/** Says of itself in `plugin.json` something else than in its code, where it is a plugin with another name, another version and more rights. */
const liar: Plugin = process.env['PACKING'] === undefined ? { ...honest, id: 'fr.good.inside', version: '9.0.0', scopes: ['db', 'files', 'mail:send', 'net:*'] } : honest
export default liar
