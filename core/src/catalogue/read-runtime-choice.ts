import { PlatformError } from '../errors.ts'
import type { GroupChoice } from '../process/group/groups.ts'
import type { RuntimeChoice } from './runs-in.ts'

const CHOICES = ['by-origin', 'process', 'inline'] as const

/**
 * Reads where plugins run. Those of a group run in its process.
 * @param all - `LIBERACCES_RUNTIME`
 * @param of - `LIBERACCES_RUNTIME_OF`: `<plugin>=<process|inline>`, with commas between
 * @throws PlatformError `CONFIG_INVALID`
 */
export function readRuntimeChoice(all: string | undefined, of: string | undefined, groups: readonly GroupChoice[] = []): RuntimeChoice {
  const wanted = CHOICES.find((choice) => choice === (all || 'by-origin'))
  if (wanted === undefined) throw new PlatformError('CONFIG_INVALID', `LIBERACCES_RUNTIME: "${all ?? ''}" is no way to run plugins.`, { fix: `Give one of ${CHOICES.join(', ')}.` })
  const pairs = (of ?? '').split(',').map((text) => text.trim()).filter((text) => text !== '').map((text) => {
    const [, name = '', choice] = /^([a-z0-9@/._-]+)=(process|inline)$/i.exec(text) ?? []
    if (choice !== 'process' && choice !== 'inline') throw new PlatformError('CONFIG_INVALID', `LIBERACCES_RUNTIME_OF: "${text}" names no plugin and its way to run.`, { fix: 'Write it as fr.example.canteen=process, with commas between several.' })
    return [name, choice] as const
  })
  const grouped = groups.flatMap(({ plugins }) => plugins)
  const inline = pairs.find(([name, choice]) => choice === 'inline' && grouped.includes(name))
  if (inline !== undefined) throw new PlatformError('CONFIG_INVALID', `LIBERACCES_PROCESS_GROUPS: "${inline[0]}" runs inline by LIBERACCES_RUNTIME_OF, and shares no process then.`, { fix: 'Take it out of one of the two.' })
  return { all: wanted, of: new Map([...pairs, ...grouped.map((name) => [name, 'process'] as const)]) }
}
