import { randomBytes } from 'node:crypto'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { collected, tenantOption } from '../option-values.ts'
import { readablePassword } from '../../identity/readable-password.ts'
import { tenantOf } from '../tenant-of.ts'

interface Options {
  readonly tenant: string
  readonly name: string
  readonly role: readonly string[]
  readonly email?: string
  readonly passwordStdin?: true
}

/** `account create LOGIN --tenant T --name NAME --role R… [--email E] [--password-stdin]` */
export const accountCreate: PlatformCommand = {
  kind: 'platform',
  name: 'account create',
  summary: 'make an account; without --password-stdin a password is made up and said once',
  readsInput: ({ options }: Input<Options>) => options.passwordStdin === true,
  define(command) {
    command
      .argument('<login>', 'with what to log in')
      .addOption(tenantOption())
      .requiredOption('--name <name>', 'the person\'s name')
      .requiredOption('--role <role>', 'what the person is, such as agent or tenant-admin; may be repeated', collected)
      .option('--email <email>', 'email address')
      .option('--password-stdin', 'take the password from standard input')
  },
  async run(platform: Platform, { args: [login], options: { tenant, name, role: roles, email, passwordStdin } }: Input<Options, [string]>, io: Io) {
    const { id } = tenantOf(platform, tenant)
    const password = passwordStdin === true ? (await io.input()).replace(/\r?\n$/, '') : readablePassword(randomBytes)
    const account = await platform.accounts.create(id, { login, name, password, roles, ...(email === undefined ? {} : { email }) }, operator())
    const done = `Made the account "${account.login}" (${account.roles.join(', ')}) at ${tenant}.`
    if (passwordStdin === true) io.answer({ tenant, ...account }, done)
    else io.answer({ tenant, ...account, password }, `${done}\nPassword, said only this once: ${password}`)
  },
}
