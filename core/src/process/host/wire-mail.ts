import type { Mail } from '@liberacces/sdk'
import type { Question } from '../protocol.ts'

/** A mail as it crosses: what it says and nothing else that an object may carry. */
export function wireMail({ to, subject, text, html, replyTo, attachments }: Mail): Question<'mail'>['mail'] {
  return { to, subject, text, ...(html === undefined ? {} : { html }), ...(replyTo === undefined ? {} : { replyTo }), ...(attachments === undefined ? {} : { attachments }) }
}
