/** A file that goes along with a mail. */
export interface MailAttachment {
  /** Name of the file, without any folder. */
  readonly name: string
  /** Media type, such as `application/pdf`. */
  readonly type: string
  readonly content: Uint8Array
}

/** Stands for those who administer the tenant and have an address, whoever they are by then. Where nobody does, nothing leaves. */
export interface MailToAdministrators {
  readonly administrators: true
}

/** A mail. Its sender is the collectivité: the platform adds who it is from. */
export interface Mail {
  /** 1 to 50 addresses, each such as `camille@example.fr`, without a name. Each counts as one mail of the tenant's quota. */
  readonly to: string | readonly string[] | MailToAdministrators
  /** One line of 1 to 200 characters. */
  readonly subject: string
  /** Plain text, 1 to 200,000 characters. What people without HTML read; never left out. */
  readonly text: string
  /** The same as HTML, up to 500,000 characters. @defaultValue text alone */
  readonly html?: string
  /** Where answers go. @defaultValue the contact address of the collectivité's settings, if there is one */
  readonly replyTo?: string
  /** Up to 10 files, 5 MiB together. */
  readonly attachments?: readonly MailAttachment[]
}

/** Sends mails by the platform. Needs the scope `mail:send`. */
export interface Mailer {
  /**
   * Puts a mail into the outbox. It leaves after the transaction has committed, is tried again with growing pauses while the mail server cannot take it, and
   * becomes a dead letter when it is refused for good.
   * @throws PlatformError `MAIL_INVALID` with every field that is wrong, `QUOTA_EXCEEDED` past the tenant's mails of today
   */
  send(mail: Mail): Promise<void>
}
