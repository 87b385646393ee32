import { evil } from '../evil-plugin.ts'

/** Computes without end while it registers. Not in the process that packs it. */
export default evil('loops-in-setup', () => [], { setup: () => { if (process.env['PACKING'] === undefined) for (;;); } })
