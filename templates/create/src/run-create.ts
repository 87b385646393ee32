import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CreateError } from './create-error.ts'
import { createPlugin, templateNames } from './create-plugin.ts'
import { languageOf, say } from './texts.ts'

/** What the creator has around it. */
export interface CreateSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths start here. */
  readonly folder: string
  /** Language of the machine, where the environment says none. */
  readonly language: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

const OPTIONS = {
  template: { type: 'string' }, id: { type: 'string' }, title: { type: 'string' }, publisher: { type: 'string' }, contact: { type: 'string' }, dir: { type: 'string' }, published: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
} as const

/** Runs the creator's command line. Resolves to the exit code: 0 made, 1 refused, 2 wrong usage. */
export async function runCreate(argv: readonly string[], { env, folder, language: machine, out, err }: CreateSurroundings): Promise<number> {
  const language = languageOf(env, machine)
  const wrong = (text: string): number => {
    err(`create-liberacces-plugin: ${text}\n`)
    return 2
  }
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return wrong(say(language, 'usage.option', { problem: error instanceof Error ? error.message : String(error) }))
  }
  const { values, positionals } = parsed
  if (values.help === true) {
    out(say(language, 'help', { templates: (await templateNames()).join(' | ') }))
    return 0
  }
  const [name] = positionals
  if (name === undefined) return wrong(say(language, 'usage.name'))
  if (positionals.length > 1) return wrong(say(language, 'usage.many', { count: positionals.length, names: positionals.join(', ') }))
  try {
    const { names, folder: made, origin } = await createPlugin({ name, id: values.id, title: values.title, publisher: values.publisher, contact: values.contact, template: values.template, published: values.published, folder: resolve(folder, values.dir ?? name) })
    const pnpm = 'npx -y pnpm@10'
    const shown = relative(folder, made) || '.'
    // The words behind the commands stand below one another.
    const run = (script: string): string => `${pnpm} ${script}`.padEnd(`${pnpm} certify`.length)
    out(say(language, origin === 'workspace' ? 'done.workspace' : 'done', {
      title: names.title[language], id: names.id, folder: made, shown, install: `${pnpm} install`, dev: run('dev'), test: run('test'), certify: run('certify'),
    }))
    if (values.id === undefined) out(say(language, 'done.example'))
    if (values.publisher === undefined || values.contact === undefined) out(say(language, 'done.publisher'))
    return 0
  } catch (error) {
    if (!(error instanceof CreateError)) throw error
    err(`create-liberacces-plugin: ${say(language, error.key, error.values)}\n`)
    return 1
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
}
