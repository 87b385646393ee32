import type { Origin } from './dependencies.ts'

/** Where a template's README speaks of making a plugin from it; what is made has other things to say there. */
const OF_THE_TEMPLATE = '\n## Make it yours\n'

/** The README of what is made: its own heading, what the template's says of the files, and how to work on it. */
export function readmeOf(template: string, own: string): string {
  const [heading = '', ...lines] = (template.split(OF_THE_TEMPLATE)[0] ?? '').trimEnd().split('\n')
  // Without a heading it would be somebody's text that is lost here.
  if (!heading.startsWith('# ')) throw new Error('The README of the template does not begin with a heading.')
  const [title = '', ...rest] = own.split('\n')
  return [title, ...lines, ...rest].join('\n')
}

/** What an author types, one below the other, with what it does. */
export function commandsOf(origin: Origin, folder: string): string {
  const where = origin === 'workspace' ? ` ${folder}` : ''
  const commands = [
    ['install', ''],
    [`dev${where}`, 'a platform with this plugin, reloaded at each change'],
    [`test${where}`, 'its tests'],
    [origin === 'workspace' ? 'check:types' : 'check', 'its types'],
    [`certify${where}`, 'what keeps it from the label, if anything'],
    [origin === 'workspace' ? `certify pack${where}` : 'run pack', 'the archive, in dist/'],
  ] as const
  const longest = Math.max(...commands.map(([command]) => command.length))
  return commands.map(([command, what]) => `npx -y pnpm@10 ${what === '' ? command : `${command.padEnd(longest)}  # ${what}`}`).join('\n')
}
