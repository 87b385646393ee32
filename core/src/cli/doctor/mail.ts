import type { Config } from '../../config.ts'
import type { Finding } from './finding.ts'

/** Whether mails can leave. What the server says to them is among the dead letters. */
export function examineMail({ smtpUrl, mailFrom }: Config): readonly Finding[] {
  if (smtpUrl === undefined) {
    return [{ id: 'mail', status: 'hint', what: 'no mail server is configured: mails of plugins wait, and nobody is warned by mail', fix: 'Set LIBERACCES_SMTP_URL and LIBERACCES_MAIL_FROM.' }]
  }
  const { host, protocol } = new URL(smtpUrl)
  return [{ id: 'mail', status: 'ok', what: `mails leave by ${protocol}//${host} from ${mailFrom ?? 'nobody'}` }]
}
