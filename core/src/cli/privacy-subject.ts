import type { PrivacySubject } from '@liberacces/sdk'
import type { Command } from 'commander'
import { PlatformError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { tenantOption } from './option-values.ts'

/** How an operator names the person whose data is asked for. */
export interface SubjectOptions {
  readonly tenant: string
  /** Login, account id, or an email address that plugins may know without an account. */
  readonly subject: string
  readonly name?: string
}

/** Adds the options that name a tenant and a person. */
export function addSubjectOptions(command: Command): Command {
  return command
    .addOption(tenantOption())
    .requiredOption('--subject <who>', 'login, account id, or email address of someone without an account')
    .option('--name <name>', 'the name of someone without an account')
}

/**
 * The person that an operator names: an account, or somebody whom only an email address tells.
 * @throws PlatformError `ACCOUNT_UNKNOWN` when it is no account and no address either
 */
export async function subjectOf({ accounts }: Platform, tenantId: string, { subject, name }: Omit<SubjectOptions, 'tenant'>): Promise<PrivacySubject> {
  const account = await accounts.findByLogin(tenantId, subject) ?? await accounts.get(tenantId, subject)
  if (account !== undefined) return { id: account.id, email: account.email ?? undefined, name: account.name }
  if (!/^[^\s@]+@[^\s@]+$/.test(subject)) {
    throw new PlatformError('ACCOUNT_UNKNOWN', `"${subject}" is no login or account id of this tenant, and no email address.`, { fix: 'See `liberacces account list` for the logins, or give the email address of someone without an account.' })
  }
  return { id: subject, email: subject, name: name ?? subject }
}
