import type { FamiliesContext } from './families-types.ts'

/** Mails of one transaction. */
const AT_ONCE = 100

/** The same mail to each of some addresses; it names nobody. */
export async function mailGuardians(c: FamiliesContext, addresses: readonly string[], mail: { readonly subject: string; readonly text: string }): Promise<void> {
  for (let from = 0; from < addresses.length; from += AT_ONCE) {
    await c.transaction(async (tx) => {
      for (const to of addresses.slice(from, from + AT_ONCE)) await tx.mail.send({ to, ...mail })
    })
  }
}
