import { evil } from '../evil-plugin.ts'

/** Ends its process before it says what it is. Not the one that packs it. */
if (process.env['PACKING'] === undefined) process.exit(0)

export default evil('exits-at-import', () => [])
