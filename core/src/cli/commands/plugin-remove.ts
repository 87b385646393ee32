import { Argument, InvalidArgumentError } from 'commander'
import semver from 'semver'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

/** Reads `ID[@VERSION]`. */
function exactRelease(text: string): { readonly id: string; readonly version?: string } {
  const at = text.lastIndexOf('@')
  if (at <= 0) return { id: text }
  const version = text.slice(at + 1)
  if (semver.valid(version) !== version) throw new InvalidArgumentError(`"${version}" is no version; write one such as 1.2.0.`)
  return { id: text.slice(0, at), version }
}

/** `plugin remove ID[@VERSION]` */
export const pluginRemove: PlatformCommand = {
  kind: 'platform',
  name: 'plugin remove',
  summary: 'remove an installed release, or all of a plugin; refused while a tenant has it in its lock',
  define(command) {
    command.addArgument(new Argument('<release>', 'ID, or ID@VERSION for one release').argParser(exactRelease))
  },
  async run({ releases }: Platform, { args: [{ id, version }] }: Input<object, [ReturnType<typeof exactRelease>]>, io: Io) {
    const removed = await releases.remove(id, version, operator())
    io.answer({ removed: removed.map((release) => ({ pluginId: release.id, ...release })) }, removed.map((release) => `Removed ${release.id} ${release.version}.`).join('\n'))
  },
}
