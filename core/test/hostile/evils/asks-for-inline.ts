import { evil } from '../evil-plugin.ts'

/** Asks to run in the platform's own process, and leaves a mark where its code is run, already while it is looked at. Not where it is packed. */
if (process.env['PACKING'] === undefined) Object.assign(globalThis, { evilRanHere: true })

export default { ...evil('asks-for-inline', () => [{ what: 'inline', got: `${process.pid}` }]), runtime: 'inline' as const }
