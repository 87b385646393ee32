/** Who pays for the children of two households that become one: nobody pays anything else for a child that only one of them knew. Pure. */
import { WHOLE, type CustodyRule } from '../domain/custody.ts'
import { custodyRule } from '../store/custody.ts'
import type { Tables } from '../tables.ts'
import type { Match } from './match.ts'
import type { MergeSide } from './merge-side.ts'

/** Rules that a child of the merged household has for itself. */
export interface RulesOfChild { readonly childId: string; readonly rules: readonly CustodyRule[] }

/** Rules to write, and children of both households for whom these say different things. */
export function rulesAfterMerge(
  stays: Pick<MergeSide, 'guardians' | 'custody'>, goes: Pick<MergeSide, 'guardians' | 'custody'>, guardians: readonly Match<Tables['guardian']>[], children: readonly Match<Tables['child']>[],
): { readonly rules: readonly RulesOfChild[]; readonly differ: readonly string[] } {
  const ids = new Map(guardians.map(({ from, to }) => [from.id, to?.id ?? from.id]))
  const idOf = (id: string): string => ids.get(id) ?? id
  const rules: RulesOfChild[] = []
  const differ: string[] = []
  const firstOfGoes = idOf(goes.guardians[0]?.id ?? '')
  const sameFirst = firstOfGoes === stays.guardians[0]?.id
  const staysHasRules = stays.custody.some((row) => row.child_id === null)
  for (const { from, to } of children) {
    const brought = ofChild(goes.custody, from.id).map((rule) => renamed(rule, idOf))
    if (to === undefined) {
      // What held in its own household goes on, from its birth on where the other household would have somebody else pay.
      const base: readonly CustodyRule[] = brought[0]?.firstDay !== from.birth_day && (staysHasRules || !sameFirst) ? [{ kind: 'shared', firstDay: from.birth_day, firstGuardianId: firstOfGoes, secondGuardianId: undefined, firstShare: WHOLE }] : []
      if (base.length + brought.length > 0) rules.push({ childId: from.id, rules: [...base, ...brought] })
      continue
    }
    const known = ofChild(stays.custody, to.id)
    // Rules that were said count more than none; two that contradict each other are for an agent to settle.
    if (known.length > 0) {
      if (brought.length > 0 && JSON.stringify(plain(brought)) !== JSON.stringify(plain(known))) differ.push(to.id)
    } else if (brought.length > 0) rules.push({ childId: to.id, rules: brought })
    else if (!sameFirst) differ.push(to.id)
  }
  return { rules, differ }
}

/** The rules that hold for a child: its own, else those of its household. */
function ofChild(custody: readonly Tables['custody'][], childId: string): readonly CustodyRule[] {
  const own = custody.filter((row) => row.child_id === childId)
  return (own.length > 0 ? own : custody.filter((row) => row.child_id === null)).map(custodyRule)
}

function renamed(rule: CustodyRule, idOf: (id: string) => string): CustodyRule {
  return rule.kind === 'alternating'
    ? { ...rule, firstGuardianId: idOf(rule.firstGuardianId), secondGuardianId: idOf(rule.secondGuardianId) }
    : { ...rule, firstGuardianId: idOf(rule.firstGuardianId), secondGuardianId: rule.secondGuardianId === undefined ? undefined : idOf(rule.secondGuardianId) }
}

function plain(rules: readonly CustodyRule[]): readonly unknown[] {
  return rules.toSorted((a, b) => (a.firstDay < b.firstDay ? -1 : 1)).map((rule) => [rule.kind, rule.firstDay, rule.firstGuardianId, rule.secondGuardianId ?? null, rule.kind === 'shared' ? rule.firstShare : rule.handoverWeekday])
}
