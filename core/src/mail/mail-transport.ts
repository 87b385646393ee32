import type { StoredMail } from './stored-mail.ts'

/** A mail that leaves. */
export interface OutgoingMail extends Omit<StoredMail, 'replyTo'> {
  readonly from: { readonly name: string; readonly address: string }
  readonly replyTo: string | undefined
  /** The same at each try, so that who gets it twice can tell. Without angle brackets. */
  readonly messageId: string
}

/** Hands mails to a mail server. Tests and certification pass their own. */
export interface MailTransport {
  /**
   * Resolves once the server has taken the mail over.
   * @throws PlatformError `UNAVAILABLE` when it may be tried again, `MAIL_REFUSED` when the server will not take it
   */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}
