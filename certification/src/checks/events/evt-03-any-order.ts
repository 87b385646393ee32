import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { derivedSeed } from '../../kernel/chance.ts'
import { withoutNewIds, type LabEvent } from '../../kernel/lab.ts'
import { dumpDifference } from '../../kernel/store-dump.ts'

/** Orders that are tried. */
const ORDERS = 3

/** Events of different subjects may come in any order, and lead to the same. */
export const anyOrder: Check<'kernel'> = {
  id: 'EVT-03', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'L’ordre d’arrivée des événements ne change pas le résultat', en: 'The order in which events arrive does not change the outcome' },
  rationale: {
    fr: 'Seuls les événements d’un même sujet arrivent dans l’ordre. Entre deux dossiers, un retard du réseau suffit à les intervertir.',
    en: 'Only events of one subject come in order. Between two files a delay of the network is enough to swap them.',
  },
  howToFix: 'Let a handler go by the data of its event and by the rows of its subject, never by what came before; name the subject in defineEvent where order matters.',
  example: { bad: "set({ last: event.data.id })  // whoever comes last", good: "insertInto('seen').values({ id: event.data.id }).onConflict(…doNothing())" },
  async run(stage) {
    const lab = await stage.lab()
    const events = await lab.events()
    if (new Set(events.map(orderOf)).size < 2) return { status: 'skip', why: 'It handles no two events whose order is open.' }
    const before = await lab.state()
    const restore = await lab.save()
    const outcome = async (order: readonly LabEvent[]) => {
      for (const event of order) await lab.deliver(event, `order ${events.indexOf(event)}`)
      const state = withoutNewIds(await lab.state(), before)
      await restore()
      return state
    }
    const first = await outcome(events)
    // What is not the same twice in one order says nothing of orders: that is EVT-04's to tell.
    if (dumpDifference(first, await outcome(events)).length > 0) return { status: 'skip', why: 'The same events in the same order do not lead to the same rows: see EVT-04.' }
    const found: Finding[] = []
    for (let turn = 0; turn < ORDERS && found.length === 0; turn += 1) {
      const order = permuted(events, turn === 0 ? undefined : derivedSeed(stage.seed, 'order', String(turn)))
      const difference = dumpDifference(first, await outcome(order))
      if (difference.length > 0) found.push({ message: `Events of different subjects lead to something else when they come in another order.`, fix: this.howToFix, evidence: [`order: ${order.map((event) => `${event.handler} of ${event.subject ?? 'no subject'}`).join(', ').slice(0, 400)}`, ...difference] })
    }
    return findings(found, [`${events.length} events in ${ORDERS + 1} orders`])
  },
}

/** What stays in order: deliveries of one handler about one subject. */
function orderOf({ handler, subject, data }: LabEvent): string {
  return `${handler} ${subject ?? JSON.stringify(data)}`
}

/** Another order, in which events of one subject stay as they are. @param seed - the other way round without one */
function permuted(events: readonly LabEvent[], seed: number | undefined): readonly LabEvent[] {
  const groups = new Map<string, LabEvent[]>()
  for (const [index, event] of events.entries()) {
    const key = event.subject === undefined ? `${event.handler} ${index}` : `${event.handler} ${event.subject}`
    groups.set(key, [...groups.get(key) ?? [], event])
  }
  const keys = [...groups.keys()].toReversed()
  if (seed !== undefined) keys.sort((a, b) => derivedSeed(seed, a) - derivedSeed(seed, b))
  return keys.flatMap((key) => groups.get(key) ?? [])
}
