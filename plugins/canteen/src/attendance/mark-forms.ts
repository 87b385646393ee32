import { Families } from '@liberacces/plugin-families/contract'
import { Type } from '@liberacces/sdk'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { scannedCode } from './badge-code.ts'
import { ListQuery } from './list-page.tsx'
import { momentAfter } from './mark.ts'
import { recordEntries } from './record.ts'
import { unitById } from './units-of-day.ts'
import { after, VERBS, type Verb } from './verb.ts'

const access = { audience: 'agent', permission: 'attendance.record' } as const

/** What the buttons of the list do in a browser that runs nothing. */
export function registerMarkForms(k: CanteenRegistrar): void {
  k.form({ ...access, path: '/pointage/marquer', schema: Type.Object({ ...ListQuery, marque: Type.String({ pattern: `^(${VERBS.join('|')}):.{1,200}$` }) }) }, async (c, { marque, unite, jour, ecole, classe }) => {
    const cut = marque.indexOf(':')
    const [verb, childId] = [marque.slice(0, cut) as Verb, marque.slice(cut + 1)]
    const recording = await recordVerb(c, { verb, childId, unitId: unite, day: jour })
    if (recording === undefined) return c.notFound()
    return recording.outcome === 'refused' ? c.invalid({ '': c.t(`attendance.reason.${REASONS[recording.reason ?? 'child-unknown']}`) }) : c.redirect(`${c.url('/pointage/liste', { unite, jour, ecole, classe })}#enfant-${encodeURIComponent(childId)}`)
  }, async () => undefined)

  k.form({ ...access, path: '/pointage/scanner', schema: Type.Object({ ...ListQuery, code: Type.String({ maxLength: 200, default: '' }) }) }, async (c, { code, unite, jour, ecole, classe }) => {
    const scanned = scannedCode(code)
    const badge = scanned === undefined ? undefined : await c.db.selectFrom('badge').select('child_id').where('code', '=', scanned).executeTakeFirst()
    if (badge === undefined) return c.invalid({ code: c.t('attendance.scan.unknown') })
    const recording = await recordVerb(c, { verb: 'present', childId: badge.child_id, unitId: unite, day: jour })
    if (recording === undefined || recording.outcome === 'refused') return c.invalid({ code: c.t('attendance.scan.unknown') })
    return c.redirect(`${c.url('/pointage/liste', { unite, jour, ecole, classe })}#enfant-${encodeURIComponent(badge.child_id)}`, 'attendance.scan.noted')
  }, async () => undefined)
}

const REASONS = { 'child-unknown': 'child', 'unit-unknown': 'unit', 'day-unfit': 'day' } as const

/** Records what a verb says of a child from what holds now; `undefined` for a unit that is none. */
async function recordVerb(c: CanteenContext, { verb, childId, unitId, day }: { readonly verb: Verb; readonly childId: string; readonly unitId: string; readonly day: string }) {
  const unit = await unitById(c.db, unitId)
  if (unit === undefined) return undefined
  const held = await c.db.selectFrom('attendance').selectAll().where('unit_id', '=', unitId).where('day', '=', day).where('child_id', '=', childId).executeTakeFirst()
  const now = c.now().toISOString()
  const next = after(verb, { mark: held?.mark ?? 'none', arrivedAt: held?.arrived_at ?? undefined, leftAt: held?.left_at ?? undefined }, now, unit.kind === 'hourly')
  const [recording] = await recordEntries(c, [{ id: c.id(), childId, unitId, day, ...next, recordedAt: momentAfter(c.now(), held?.recorded_at), seen: held?.entry_id }])
  return recording
}

/** Children of all schools by name. */
export async function childrenNamed(c: CanteenContext, day: string, text: string) {
  const words = fold(text).split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) return []
  return (await c.use(Families).children({ on: day })).filter(({ firstName, lastName }) => words.every((word) => fold(`${lastName} ${firstName}`).includes(word))).slice(0, 50)
}

/** Without capitals and accents. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
