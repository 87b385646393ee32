import type { Ground } from './ground.ts'

/** What a plugin's process tried and was not let do, as Node names it. */
export interface Denial {
  /** Kind of permission, such as `FileSystemRead`. */
  readonly permission: string
  readonly resource: string
}

// Node asks for the places of the SDK's own modules, which the platform hands over by another way: a bare plugin does so too.
const OF_THE_PLATFORM = /^liberacces:/

/** Everything that was tried, each once. The kernel tells of the first two hundred of a process. */
export function denialsOf({ log, manifest }: Ground): readonly Denial[] {
  const all = new Set<string>()
  for (const { plugin, tried } of log.lines()) {
    if (plugin !== manifest.id || typeof tried !== 'string') continue
    all.add(tried)
  }
  return [...all].map((tried) => {
    const at = tried.indexOf(' ')
    return { permission: at < 0 ? tried : tried.slice(0, at), resource: at < 0 ? '' : tried.slice(at + 1) }
  }).filter(({ resource }) => !OF_THE_PLATFORM.test(resource))
}

/** Whether it is about the network. */
export function isNetwork({ permission }: Denial): boolean {
  return /^(?:net|dns|http|tls|dgram)/i.test(permission)
}
