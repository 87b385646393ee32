import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { firstOfEach, whereAsked } from '../../kernel/where-asked.ts'

/** Only declared events are emitted, and each fits its schema. */
export const declaredEvents: Check<'kernel'> = {
  id: 'EVT-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Les événements émis sont ceux qui sont déclarés', en: 'The events that are emitted are those that are declared' },
  rationale: {
    fr: 'D’autres applications se règlent sur ces contrats. Un événement qui n’y figure pas, ou d’une autre forme, n’arrive nulle part.',
    en: 'Other plugins go by these contracts. An event that is not in them, or of another shape, arrives nowhere.',
  },
  howToFix: 'Add the event to emits, or correct its data: they must fit the schema of defineEvent.',
  example: { bad: 'emits: [] … await tx.emit(NoteWritten, { id })', good: 'emits: [NoteWritten] … await tx.emit(NoteWritten, { id })' },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`What is emitted is seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const refused = tour.ground.asked.filter(({ what, refused: code }) => (what === 'tx.emit' || what === 'tx.publish') && (code === 'EVENT_UNDECLARED' || code === 'EVENT_INVALID'))
    const byEvent = firstOfEach(refused, ({ scope, refused: code }) => `${scope ?? ''} ${code ?? ''}`)
    return findings(byEvent.map(([, asked]): Finding => ({
      message: asked.refused === 'EVENT_UNDECLARED' ? `It emits ${asked.scope?.slice(5) ?? ''}, which its manifest does not declare.` : `It emits ${asked.scope?.slice(5) ?? ''} with data that do not fit its schema.`,
      fix: this.howToFix, evidence: [asked.why ?? '', whereAsked(tour, asked)],
    })))
  },
}
