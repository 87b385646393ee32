import { Command, CommanderError } from 'commander'
import { platformVersion } from '../platform-version.ts'
import type { CliCommand, Input } from './command.ts'
import { reportFailure } from './failure.ts'
import type { GlobalOptions } from './surroundings.ts'

/** What a command line asks for. */
export type Parsed<Command extends CliCommand> =
  | { readonly kind: 'run'; readonly command: Command; readonly input: Input<never, never>; readonly options: GlobalOptions }
  /** Help, the version, or what is wrong with it: to be printed as it is. */
  | { readonly kind: 'said'; readonly out: string; readonly err: string; readonly exit: 0 | 2 }

/** Words that only lead to others, and what they are about. */
const GROUPS: Readonly<Record<string, string>> = {
  tenant: 'the collectivités of the Pool',
  plugin: 'the plugins that this platform knows',
  label: 'labels of releases, and whom this platform trusts',
  archive: 'what is kept of plugins that were purged',
  consent: 'what plugins may do at a tenant, and who agreed to it',
  entitlement: 'which plugins tenants may use',
  quota: 'how much of the platform tenants may use',
  account: 'who can log in at a tenant',
  token: 'API tokens',
  role: 'what accounts of a tenant can be',
  grant: 'who of the Pool may enter which tenant, why and until when',
  share: 'what tenants share with their satellites',
  events: 'what plugins told each other, and what could not be delivered',
  audit: 'who did what',
  node: 'the processes that run on this platform',
  wave: 'upgrades and rehearsals over all tenants',
  gdpr: 'personal data across the plugins of a tenant',
}

/** Reads a command line. Pure but for the version's file: it decides what to run and runs nothing. */
export function parseCommandLine<Known extends CliCommand>(commands: readonly Known[], argv: readonly string[], helpWidth = 100): Parsed<Known> {
  let out = ''
  let err = ''
  let found: Parsed<Known> | undefined
  const program = new Command('liberacces')
    .description('Runs and administers a LiberAccès platform.')
    .option('--data <dir>', 'data folder (LIBERACCES_DATA, else ./data)')
    .option('--plugins <dir>', 'folder with the plugins (LIBERACCES_PLUGINS, else ./plugins)')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use a command')
    .helpCommand('help [command]', 'say how to use a command')
    .configureHelp({ showGlobalOptions: true, helpWidth })
    .configureOutput({
      writeOut: (text) => { out += text },
      writeErr: (text) => { err += text },
      // Said once, below, in one form for text and JSON.
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage.')
    .exitOverride()
  for (const command of commands) {
    const target = addCommand(program, command)
    target.action(() => {
      // What a definition yields is what its `run` takes; commander's own types end here.
      const input = { args: target.processedArgs as unknown[], options: target.opts() } as Input<never, never>
      const wrong = command.wrongUse?.(input)
      if (wrong !== undefined) target.error(wrong)
      found = { kind: 'run', command, input, options: { ...program.opts(), json: program.opts()['json'] === true } }
    })
  }
  // A command with a `--version` of its own means that of a plugin: the platform's would be said instead, and nothing done.
  if (!meant(program, argv).options.some(({ long }) => long === '--version')) program.version(platformVersion(), '-V, --version', 'say the version')
  for (const group of program.commands.filter((command) => command.commands.length > 0)) group.summary(summaryOf(group))
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'said', out, err, exit: 0 }
    return { kind: 'said', out, err: err === '' ? wrongUsage(error, program, argv) : err, exit: 2 }
  }
  if (found === undefined) throw new Error('The command line was read, but it led to no command.')
  return found
}

function addCommand(program: Command, { name, summary, define }: CliCommand): Command {
  const words = name.split(' ')
  const group = words.length === 1 ? program : groupOf(program, words[0] ?? '')
  const command = group.command(words.at(-1) ?? name).description(summary)
  command.helpOption('-h, --help', 'say how to use this command')
  define?.(command)
  return command
}

function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name)
  if (known !== undefined) return known
  const about = GROUPS[name]
  if (about === undefined) throw new Error(`Nothing says what the commands "${name} …" are about.`)
  return program.command(name).description(about).helpCommand(false).helpOption('-h, --help', 'say how to use these commands')
}

/** What `--help` says of a group: what it is about, and the words that follow. */
function summaryOf(group: Command): string {
  return `${group.description()}: ${group.commands.map((command) => command.name()).join(', ')}`
}

function wrongUsage(error: CommanderError, program: Command, argv: readonly string[]): string {
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n')
  const message = `${what[0]?.toUpperCase() ?? ''}${what.slice(1)}.`.replace(/\.\.$/, '.')
  const fix = [...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1')), `See \`${nameOf(meant(program, argv))} --help\`.`].join(' ')
  let text = ''
  const err = (part: string): void => { text += part }
  // People see that it is about usage; programs get a code like for every other refusal.
  if (argv.includes('--json')) reportFailure({ err }, { code: 'CONFIG_INVALID', message, fix }, true)
  else err(`liberacces: ${message}\n  ${fix}\n`)
  return text
}

/** The command that the words of a command line lead to, as far as they do. */
function meant(program: Command, argv: readonly string[]): Command {
  let command = program
  for (const word of argv) command = command.commands.find((one) => one.name() === word) ?? command
  return command
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}
