import { KERNEL_ID } from '../identity/kernel-permissions.ts'

/** Contract ids of the kernel's own; no plugin may emit or hear what begins like this. */
export const KERNEL_CONTRACTS = `${KERNEL_ID}.`
/** A mail in the outbox of the store whose plugin sends it. */
export const MAIL_EVENT = `${KERNEL_CONTRACTS}mail/v1`
/** Who the deliveries of mails go to. */
export const MAIL_SUBSCRIPTION = Object.freeze({ pluginId: KERNEL_ID, handlerId: 'mail' })

/** A checked mail as it waits in the outbox. Who it is from is found when it leaves. */
export interface StoredMail {
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly replyTo?: string
  readonly attachments?: readonly { readonly name: string; readonly type: string; readonly base64: string }[]
}

/** What stays of a mail that has left: nobody needs its text in the outbox any more. */
export const SENT_MAIL = Object.freeze({ sent: true })
