import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { withoutNewIds } from '../../kernel/lab.ts'
import { dumpDifference } from '../../kernel/store-dump.ts'

/** The same events at the same moment make the same rows. */
export const replay: Check<'kernel'> = {
  id: 'EVT-04', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Rejouer les événements redonne exactement les mêmes données', en: 'Replaying events gives exactly the same data' },
  rationale: {
    fr: 'Après une erreur, on reconstruit en rejouant le journal. Si l’horloge de la machine ou le hasard s’en mêlent, le résultat n’est plus celui d’avant.',
    en: 'After a mistake data is rebuilt by replaying the journal. Where the clock of the machine or chance takes part, the outcome is another one.',
  },
  howToFix: 'Take the time from event.time or c.now(), ids from c.id() or from the event; no Date.now(), new Date() or Math.random().',
  example: { bad: "values({ seen_at: new Date().toISOString() })", good: "values({ seen_at: event.time.toISOString() })" },
  async run(stage) {
    const lab = await stage.lab()
    const events = await lab.events()
    if (events.length === 0) return { status: 'skip', why: 'It handles no event that could be made.' }
    const before = await lab.state()
    const restore = await lab.save()
    const outcome = async () => {
      for (const [index, event] of events.entries()) await lab.deliver(event, `replay ${index}`)
      const state = withoutNewIds(await lab.state(), before)
      await restore()
      return state
    }
    const difference = dumpDifference(await outcome(), await outcome())
    const found: readonly Finding[] = difference.length === 0 ? [] : [{ message: 'The same events, delivered again from the same beginning at the same moment, make other rows.', fix: this.howToFix, evidence: difference }]
    return findings(found, [`${events.length} events, delivered twice from one beginning`])
  },
}
