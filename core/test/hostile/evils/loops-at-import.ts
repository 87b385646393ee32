import { evil } from '../evil-plugin.ts'

/** Computes without end before it says what it is. Not in the process that packs it. */
if (process.env['PACKING'] === undefined) for (;;);

export default evil('loops-at-import', () => [])
