import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { dumpDifference } from '../../kernel/store-dump.ts'

/** An event that comes twice has the effects of one. */
export const twice: Check<'kernel'> = {
  id: 'EVT-02', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Un événement livré deux fois ne compte qu’une fois', en: 'An event that is delivered twice counts once' },
  rationale: {
    fr: 'Après une panne, la plateforme livre de nouveau ce dont elle n’est pas sûre. L’habitant ne doit pas recevoir deux courriels, ni être débité deux fois.',
    en: 'After a failure the platform delivers again what it is not sure of. A resident must not get two mails, nor be charged twice.',
  },
  howToFix: 'Write all effects of a handler in its one transaction: c.transaction(async (tx) => …), mails with tx.mail. The platform then knows that the event has been dealt with.',
  example: { bad: 'k.on(Paid, async (c) => { await c.db.insertInto(…) ; await c.mail.send(…) })', good: 'k.on(Paid, async (c) => { await c.transaction(async (tx) => { await tx.insertInto(…) ; await tx.mail.send(…) }) })' },
  async run(stage) {
    const lab = await stage.lab()
    const { ground } = lab
    const events = await lab.events()
    if (events.length === 0) return { status: 'skip', why: 'It handles no event that could be made.' }
    const found = new Map<string, Finding>()
    const failed = new Map<string, string>()
    const done = new Set<string>()
    await lab.undone(async () => {
      for (const [index, event] of events.entries()) {
        const name = `twice ${index}`
        const { error } = await lab.deliver(event, name)
        if (error !== undefined) {
          failed.set(event.handler, `The handler "${event.handler}" of ${event.type} failed each time, so that nothing came twice: ${error.message}`)
          continue
        }
        done.add(event.handler)
        const once = await lab.state()
        const mails = ground.mails.length
        await lab.deliver(event, name, 2)
        const difference = dumpDifference(once, await lab.state())
        await ground.settle()
        if ((difference.length === 0 && ground.mails.length - mails <= 1) || found.has(event.handler)) continue
        found.set(event.handler, { message: `The handler "${event.handler}" of ${event.type} does its work a second time when the event comes twice.`, fix: this.howToFix, evidence: [JSON.stringify(event.data).slice(0, 200), ...difference] })
      }
    })
    const [first, ...rest] = [...failed].flatMap(([handler, why]) => (done.has(handler) ? [] : [why]))
    if (found.size === 0 && first !== undefined) return { status: 'review', items: [first, ...rest] }
    return findings([...found.values()], [`${events.length} deliveries, each made twice`])
  },
}
