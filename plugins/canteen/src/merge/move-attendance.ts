import type { CanteenTransaction } from '../canteen-types.ts'

/** Moves who was there, and the badge. Of one unit on one day what was recorded last holds; a badge of the id that stays is the one that works. */
export async function moveAttendance(tx: CanteenTransaction, from: string, to: string): Promise<void> {
  const rows = await tx.selectFrom('attendance').selectAll().where('child_id', '=', from).execute()
  for (const row of rows) {
    const other = await tx.selectFrom('attendance').select('recorded_at').where('child_id', '=', to).where('unit_id', '=', row.unit_id).where('day', '=', row.day).executeTakeFirst()
    if (other !== undefined) await tx.deleteFrom('attendance').where('child_id', '=', other.recorded_at > row.recorded_at ? from : to).where('unit_id', '=', row.unit_id).where('day', '=', row.day).execute()
  }
  await tx.updateTable('attendance').set({ child_id: to }).where('child_id', '=', from).execute()
  await tx.updateTable('attendance_entry').set({ child_id: to }).where('child_id', '=', from).execute()
  const badge = await tx.selectFrom('badge').select('code').where('child_id', '=', to).executeTakeFirst()
  if (badge === undefined) await tx.updateTable('badge').set({ child_id: to }).where('child_id', '=', from).execute()
  else await tx.deleteFrom('badge').where('child_id', '=', from).execute()
}
