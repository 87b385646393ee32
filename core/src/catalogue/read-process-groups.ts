import { PlatformError } from '../errors.ts'
import { USUAL_GROUP_MB, type GroupChoice } from '../process/group/groups.ts'

const SMALLEST_MB = 32
const LARGEST_MB = 16_384

/**
 * Reads which plugins share a process.
 * @param text - `LIBERACCES_PROCESS_GROUPS`: `<name>[:<MiB>]=<plugin>+<plugin>`, with semicolons between groups
 * @throws PlatformError `CONFIG_INVALID`
 */
export function readProcessGroups(text: string | undefined): readonly GroupChoice[] {
  const groups = (text ?? '').split(';').map((one) => one.trim()).filter((one) => one !== '').map(readGroup)
  const plugins = groups.flatMap((group) => group.plugins)
  const twice = repeated(groups.map(({ name }) => name)) ?? repeated(plugins)
  if (twice !== undefined) throw wrong(`"${twice}" stands in it twice`, 'Give each group one name, and each plugin one group.')
  return groups
}

function readGroup(text: string): GroupChoice {
  const [, name = '', memory, list = ''] = /^([a-z0-9-]{1,40})(?::(\d{1,6}))?=([a-z0-9@/._+-]+)$/i.exec(text) ?? []
  const plugins = list.split('+')
  if (name === '' || plugins.includes('')) throw wrong(`"${text}" names no group and its plugins`, 'Write it as trusted=fr.example.news+fr.example.canteen, with semicolons between several groups.')
  const memoryMb = memory === undefined ? USUAL_GROUP_MB : Number(memory)
  if (memoryMb < SMALLEST_MB || memoryMb > LARGEST_MB) throw wrong(`${memory ?? ''} MiB is no memory for a process`, `Give ${SMALLEST_MB} to ${LARGEST_MB}, as in ${name}:${USUAL_GROUP_MB}=….`)
  return { name, memoryMb, plugins }
}

function repeated(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at)
}

function wrong(what: string, fix: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `LIBERACCES_PROCESS_GROUPS: ${what}.`, { fix })
}
