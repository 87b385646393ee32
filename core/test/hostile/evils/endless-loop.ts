import { evil } from '../evil-plugin.ts'

/** Computes without end, in a way that no timer of its own process interrupts. */
export default evil('endless-loop', async (_, { way }) => {
  if (way === 'microtasks') for (;;) await Promise.resolve()
  if (way === 'pattern') /^(a+)+$/.test(`${'a'.repeat(50)}!`)
  for (;;);
})
