import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { canaryInput } from '../../kernel/canary-input.ts'
import type { JsonSchema } from '../../kernel/schema-arbitrary.ts'

/** Inputs of each handler that are tried. */
const TRIES = 3

/** An event that can never be dealt with ends as a dead letter: it is neither put off for ever, nor does it hang. */
export const poison: Check<'kernel'> = {
  id: 'EVT-05', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Un événement impossible à traiter ne bloque pas les suivants', en: 'An event that cannot be dealt with does not hold up the next ones' },
  rationale: {
    fr: 'Un dossier supprimé entre-temps, une valeur inattendue : l’événement doit finir parmi les échecs visibles, et la file avancer.',
    en: 'A file that was deleted meanwhile, a value nobody thought of: the event must end among the failures that people see, and the queue go on.',
  },
  howToFix: 'Throw RetryLater only when a partner does not answer. For an event about something that is not there, do nothing, or throw an Error: it becomes a dead letter.',
  example: { bad: "if (row === undefined) throw new RetryLater('not there yet')", good: 'if (row === undefined) return' },
  async run(stage, signal) {
    const lab = await stage.lab()
    const { ground } = lab
    const handlers = ground.release().registrations.handlers.filter(({ event }) => event !== 'any')
    if (handlers.length === 0) return { status: 'skip', why: 'It handles no events.' }
    const found = new Map<string, Finding>()
    await lab.undone(async () => {
      for (const { id, event } of handlers) {
        if (event === 'any') continue
        for (let variant = 0; variant < TRIES && !found.has(id); variant += 1) {
          if (signal.aborted) break
          // Of things that exist nowhere: what it names was never made.
          const data = canaryInput(event.schema as JsonSchema, { pen: lab.traveller.pen(undefined), place: `poison for ${id}`, seed: stage.seed, variant })
          const asked = ground.asked.length
          const { error } = await lab.deliver({ type: event.id, handler: id, subject: undefined, data }, `poison ${variant}`)
          const code = (error as { readonly code?: unknown } | undefined)?.code
          const askedPartner = ground.asked.slice(asked).some(({ scope }) => scope?.startsWith('net:') === true || scope?.startsWith('use:') === true)
          const what = code === 'PLUGIN_CALL_TIMEOUT' ? 'hangs on' : code === 'UNAVAILABLE' && !askedPartner ? 'puts off for ever' : undefined
          if (what !== undefined) found.set(id, { message: `The handler "${id}" ${what} an event of ${event.id} about something that is not there.`, fix: this.howToFix, evidence: [JSON.stringify(data).slice(0, 300), error?.message ?? ''] })
        }
      }
    })
    return findings([...found.values()], [`${handlers.length} handlers, ${TRIES} such events each`])
  },
}
