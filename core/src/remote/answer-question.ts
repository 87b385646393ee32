import type { Broker } from '../process/broker/broker.ts'
import type { OpenCall } from '../process/broker/open-call.ts'
import type { LineAllowance } from '../process/line-allowance.ts'
import type { Ask, QuestionName } from '../process/protocol.ts'
import type { Outbox, RemoteLog } from './remote-messages.ts'
import type { Static } from '@sinclair/typebox'

/** Numbers of questions and transactions that we make ourselves: they only have to differ. */
let next = 1

/**
 * Answers what an application asks for a call: by the broker, as for a plugin in a process, on the context of that call alone. What it asked has been held
 * against the question's schema.
 * @param lines - what of it may still go into the log
 */
export async function answerQuestion(broker: Broker, lines: LineAllowance, call: OpenCall, what: string, content: unknown): Promise<unknown> {
  switch (what) {
    case 'log': {
      const { level, message, detail } = content as Static<typeof RemoteLog>
      const may = lines.take()
      if (may === 'last') call.context.log.warn('This application says too much; more of its lines are left out for a minute.')
      else if (may === 'yes') call.context.log[level](message, detail)
      return undefined
    }
    case 'outbox': return send(broker, call, content as Outbox)
    default: return ask(broker, call, what as QuestionName, content)
  }
}

/** All of it, in one transaction that never waits for the application. */
async function send(broker: Broker, call: OpenCall, { events = [], publish = [], mails = [] }: Outbox): Promise<undefined> {
  const tx = next++
  await ask(broker, call, 'tx.begin', { tx })
  try {
    for (const event of events) await ask(broker, call, 'tx.emit', { tx, ...event })
    for (const event of publish) await ask(broker, call, 'tx.publish', { tx, ...event })
    for (const mail of mails) await ask(broker, call, 'tx.mail', { tx, mail })
  } catch (error) {
    await ask(broker, call, 'tx.rollback', { tx })
    throw error
  }
  await ask(broker, call, 'tx.commit', { tx })
}

async function ask(broker: Broker, call: OpenCall, what: QuestionName, content: unknown): Promise<unknown> {
  return broker.answer(call, { kind: 'ask', id: next++, call: call.id, what, with: content } as Ask)
}
