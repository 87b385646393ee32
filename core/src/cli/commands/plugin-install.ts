import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

/** `plugin install SPEC` */
export const pluginInstall: PlatformCommand = {
  kind: 'platform',
  name: 'plugin install',
  summary: 'take a release of a plugin in from an archive; it runs nowhere before it is enabled',
  define(command) {
    command.argument('<spec>', 'a .tgz, a packed folder, or NAME[@VERSION] of an npm package')
  },
  async run({ releases }: Platform, { args: [spec] }: Input<object, [string]>, io: Io) {
    const { id, version, digest, source, isKnown, manifest } = await releases.install(spec, io.folder, operator())
    io.answer({ id, version, digest, source, already: isKnown, scopes: manifest.scopes }, isKnown
      ? `${id} ${version} was installed already, from the same archive (${digest}).`
      : `Installed ${id} ${version} (${digest}).\nSwitch it on with \`liberacces enable ${id}@${version} --tenant …\`.`)
  },
}
