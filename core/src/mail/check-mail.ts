import type { Mail } from '@liberacces/sdk'
import { PlatformError } from '../errors.ts'
import { cleanFileName } from '../storage/files/file-name.ts'
import type { StoredMail } from './stored-mail.ts'

const MOST_RECIPIENTS = 50
const MOST_ATTACHMENTS = 10
const ATTACHMENT_BYTES = 5 * 1_024 * 1_024
const SUBJECT_LENGTH = 200
const TEXT_LENGTH = 200_000
const HTML_LENGTH = 500_000
// Narrower than RFC 5321: no quotes, no comments, no names, nothing that could end a header or a command.
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/i
/** Would end a line of a header, or draw over what a person reads. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

/** Whether a text is one bare mail address. */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text)
}

/**
 * Checks a mail, and makes it what is stored. What a plugin hands over is not trusted, whatever its types say.
 * @throws PlatformError `MAIL_INVALID` with every field that is wrong
 */
export function checkMail(mail: Mail): StoredMail {
  const { to, subject, text, html, replyTo, attachments = [] } = mail
  const fields: Record<string, string> = {}
  const recipients: readonly unknown[] = typeof to === 'string' ? [to] : Array.isArray(to) ? to : []
  const wrong = recipients.filter((each) => typeof each !== 'string' || !isAddress(each))
  if (recipients.length === 0 || recipients.length > MOST_RECIPIENTS) fields['to'] = `Give 1 to ${MOST_RECIPIENTS} addresses.`
  else if (wrong.length > 0) fields['to'] = `${wrong.length} of ${recipients.length} are no bare addresses such as camille@example.fr.`
  if (typeof subject !== 'string' || subject.trim() === '' || subject.length > SUBJECT_LENGTH || CONTROL.test(subject)) fields['subject'] = `One line of 1 to ${SUBJECT_LENGTH} characters, without control characters.`
  if (typeof text !== 'string' || text.trim() === '' || text.length > TEXT_LENGTH) fields['text'] = `1 to ${TEXT_LENGTH} characters of plain text.`
  if (html !== undefined && (typeof html !== 'string' || html.length > HTML_LENGTH)) fields['html'] = `Up to ${HTML_LENGTH} characters.`
  if (replyTo !== undefined && (typeof replyTo !== 'string' || !isAddress(replyTo))) fields['replyTo'] = 'One bare address such as camille@example.fr.'
  const problem = attachmentProblem(attachments)
  if (problem !== undefined) fields['attachments'] = problem
  if (Object.keys(fields).length > 0) {
    throw new PlatformError('MAIL_INVALID', `A mail cannot be sent as it is: ${Object.entries(fields).map(([field, what]) => `${field}: ${what}`).join(' ')}`, { fix: 'Correct what is named.', fields })
  }
  return {
    to: [...new Set(recipients as readonly string[])], subject: subject.trim(), text,
    ...(html === undefined ? {} : { html }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ name, type, content }) => ({ name: cleanFileName(name), type: type.toLowerCase(), base64: Buffer.from(content).toString('base64') })) }),
  }
}

function attachmentProblem(attachments: Mail['attachments']): string | undefined {
  if (!Array.isArray(attachments)) return 'A list of files.'
  const files: readonly Partial<NonNullable<Mail['attachments']>[number]>[] = attachments
  if (files.length > MOST_ATTACHMENTS) return `Up to ${MOST_ATTACHMENTS} files.`
  if (files.some(({ name, type, content }) => typeof name !== 'string' || typeof type !== 'string' || !MEDIA_TYPE.test(type) || !(content instanceof Uint8Array))) return 'Each has a name, a media type and its bytes.'
  if (files.reduce((sum, { content }) => sum + (content?.length ?? 0), 0) > ATTACHMENT_BYTES) return 'Up to 5 MiB together.'
  return undefined
}
