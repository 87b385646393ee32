import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { PlatformError } from '../errors.ts'
import type { MailTransport } from './mail-transport.ts'

/** Longest waits for the mail server, in milliseconds: for a connection, for its greeting, for the next answer. */
const WAIT_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 } as const

/** Answers of the server about this mail, and not about us, the line or its own state. */
const ABOUT_THE_MAIL: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE'])

/**
 * A mail server by SMTP.
 * @param url - `smtp://user:password@host:587` or `smtps://…`; with a user, the line must be encrypted unless it stays on this machine
 */
export function createSmtpTransport(url: string): MailTransport {
  const { hostname, username } = new URL(url)
  const transporter = createTransport({
    url, pool: true, maxConnections: 2, ...WAIT_MS,
    ...(username !== '' && !isThisMachine(hostname) ? { requireTLS: true } : {}),
    // A text that names a file or an address stays a text.
    disableFileAccess: true, disableUrlAccess: true,
  })
  return {
    async send({ from, to, replyTo, subject, text, html, attachments = [], messageId }) {
      try {
        await transporter.sendMail({
          from, to: [...to], subject, text, messageId: `<${messageId}>`,
          ...(replyTo === undefined ? {} : { replyTo }),
          ...(html === undefined ? {} : { html }),
          attachments: attachments.map(({ name, type, base64 }) => ({ filename: name, contentType: type, content: base64, encoding: 'base64' })),
          // No answer of an absence goes back to a machine (RFC 3834, section 5).
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (cause) {
        throw failureOf(cause)
      }
    },
    close: () => { transporter.close() },
  }
}

function failureOf(cause: unknown): PlatformError {
  const { code = '', responseCode = 0, message = String(cause) } = cause as { readonly code?: string; readonly responseCode?: number; readonly message?: string }
  if (ABOUT_THE_MAIL.has(code) && responseCode >= 500) {
    return new PlatformError('MAIL_REFUSED', `The mail server refuses this mail: ${message}`, { cause, fix: 'Look at the address and at what the server says.' })
  }
  return new PlatformError('UNAVAILABLE', `The mail server took no mail: ${message}`, { cause, fix: 'Look at LIBERACCES_SMTP_URL and at the mail server; the mail waits.' })
}

function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
