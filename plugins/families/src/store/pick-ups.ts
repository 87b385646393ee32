/** Who may fetch a child, besides those who answer for it. */
import type { Static } from '@liberacces/sdk'
import type { FamiliesContext } from '../families-types.ts'
import type { PickUpForm } from '../forms.ts'
import type { Tables } from '../tables.ts'
import { touchChild } from './children.ts'

type Child = Pick<Tables['child'], 'id' | 'household_id'>

/** Adds a person, whoever enters it. */
export async function addPickUp(c: FamiliesContext, child: Child, { name, relation, phone, firstDay, lastDay }: Static<typeof PickUpForm>): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.insertInto('pick_up_person').values({ id: c.id(), child_id: child.id, name, relation, phone: phone ?? null, first_day: firstDay ?? null, last_day: lastDay ?? null }).execute()
    await touchChild(c, tx, child)
  })
  await c.audit('pickup.added', child.id)
}

/** Takes a person away. */
export async function removePickUp(c: FamiliesContext, child: Child, id: string): Promise<void> {
  await c.transaction(async (tx) => {
    await tx.deleteFrom('pick_up_person').where('id', '=', id).where('child_id', '=', child.id).execute()
    await touchChild(c, tx, child)
  })
  await c.audit('pickup.removed', child.id)
}
