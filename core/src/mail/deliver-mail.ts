import { PlatformError } from '../errors.ts'
import type { Delivery } from '../events/event-bus.ts'
import type { Outside } from '../outside.ts'
import { isAddress } from './check-mail.ts'
import type { MailTransport } from './mail-transport.ts'
import type { StoredMail } from './stored-mail.ts'

/** A mail that the server could not take for so long is given up, in milliseconds: three days, as mail servers do among themselves. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1_000

interface Deps {
  /** `undefined` while no mail server is configured: mails wait then. */
  readonly transport: MailTransport | undefined
  /** The address that mails come from; with a transport there is one. */
  readonly from: string | undefined
  readonly outside: Outside
  /** Name and contact address of a tenant. */
  readonly sender: (tenantId: string) => Promise<{ readonly name: string; readonly contact: string | undefined }>
}

/**
 * Hands one mail of an outbox to the mail server. It may leave twice, when the process dies between the server's word and ours.
 * @throws PlatformError `UNAVAILABLE` when it is to be tried again, `MAIL_REFUSED` when it is a dead letter
 */
export async function deliverMail({ transport, from, outside, sender }: Deps, { tenantId, eventId, time, data }: Pick<Delivery, 'tenantId' | 'eventId' | 'time' | 'data'>): Promise<void> {
  const mail = data as StoredMail | { readonly sent: true }
  // Sent before; a replay has nothing to send.
  if ('sent' in mail) return
  if (transport === undefined || from === undefined) {
    throw new PlatformError('UNAVAILABLE', 'No mail server is configured, so mails wait.', { fix: 'Set LIBERACCES_SMTP_URL and LIBERACCES_MAIL_FROM.' })
  }
  const { name, contact } = await sender(tenantId)
  try {
    await transport.send({ ...mail, from: { name, address: from }, replyTo: mail.replyTo ?? (contact !== undefined && isAddress(contact) ? contact : undefined), messageId: `${eventId}@${from.slice(from.lastIndexOf('@') + 1)}` })
  } catch (cause) {
    if (!(cause instanceof PlatformError) || cause.code !== 'UNAVAILABLE' || outside.now() - time < GIVEN_UP_AFTER_MS) throw cause
    throw new PlatformError('MAIL_REFUSED', `A mail was given up after three days. ${cause.message}`, { cause, fix: cause.fix })
  }
}
