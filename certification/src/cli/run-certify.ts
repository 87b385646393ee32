import { Command, CommanderError } from 'commander'
import type { CertifyCommand, CertifyContext, Output } from './certify-command.ts'
import { certifyCommand } from './commands/certify.ts'
import { deploymentGroup } from './commands/deployment.ts'
import { devCommand } from './commands/dev.ts'
import { labelGroup } from './commands/label/label-group.ts'
import { explainCommand, listCommand } from './commands/list.ts'
import { packCommand } from './commands/pack.ts'
import { registerGroup } from './commands/register.ts'
import { replayCommand } from './commands/replay.ts'

const COMMANDS: readonly CertifyCommand[] = [certifyCommand, listCommand, explainCommand, devCommand, packCommand, labelGroup, registerGroup, deploymentGroup, replayCommand]

/**
 * Runs `liberacces-certify`. Resolves to the exit code and never rejects: 0 pass, 1 fail, 2 wrong usage or the harness itself failed,
 * 3 review pending. Without an argument it says how it is used.
 * @param io - where it writes, and the clock that labels, lists and dates of reports go by (by itself the machine's)
 */
export async function runCertify(argv: readonly string[], folder: string, { out, err, clock = Date.now }: Output & Partial<Pick<CertifyContext, 'clock'>>): Promise<number> {
  let exit = 0
  const program = new Command('liberacces-certify')
    .description('Packs plugins for the LiberAccès platform, and tells whether they are what it takes.')
    .helpOption('-h, --help', 'say how to use a command')
    .configureOutput({ writeOut: out, writeErr: err })
    .addHelpText('after', '\nExit codes: 0 pass, 1 fail, 2 wrong usage or the harness itself failed, 3 review pending.')
    .exitOverride()
  for (const command of COMMANDS) command(program, { folder, out, err, clock }, (code) => { exit = code })
  if (argv.length === 0) {
    err(program.helpInformation())
    return 2
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    err(`liberacces-certify: it failed itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 2
  }
}
