import type { ReceivedEvent } from '@liberacces/sdk'
import { KeepingEnded } from './keeping-ended.ts'
import { addDays, type Day } from './lost-item.ts'
import type { LostPropertyContext, LostPropertyTransaction } from './lost-property-types.ts'

/** The columns of an item whose finder is forgotten. */
export const NO_FINDER = { finder_name: null, finder_email: null } as const

/** Has the reminder come on the day after the last one. It is written now, with the item; until then it costs nothing. */
export async function remindToForget(tx: LostPropertyTransaction, item: { readonly id: string; readonly kept_until: Day }): Promise<void> {
  await tx.emit(KeepingEnded, { id: item.id }, { notBefore: new Date(`${addDays(item.kept_until, 1)}T00:00:00Z`) })
}

/** Forgets who found an item whose time is over. Harmless where it was given back meanwhile: then nobody is left to forget. */
export async function forgetFinder(c: LostPropertyContext, { data }: ReceivedEvent<typeof KeepingEnded>): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.updateTable('item').set(NO_FINDER).where('id', '=', data.id).execute()
  })
}
