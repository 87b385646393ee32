import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { labelAnswer, labelText } from '../label-text.ts'
import { operator } from '../operator.ts'

/** `plugin install SPEC` */
export const pluginInstall: PlatformCommand = {
  kind: 'platform',
  name: 'plugin install',
  summary: 'take a release of a plugin in from an archive; it runs nowhere before it is enabled',
  define(command) {
    command.argument('<spec>', 'a .tgz (its .label.json beside it is taken along), a .labelbundle, a packed folder, or NAME[@VERSION] of an npm package')
  },
  async run({ releases }: Platform, { args: [spec] }: Input<object, [string]>, io: Io) {
    const { id, version, digest, source, isKnown, manifest, label } = await releases.install(spec, io.folder, operator())
    io.answer({ pluginId: id, id, version, digest, source, already: isKnown, scopes: manifest.scopes, label: labelAnswer(label) }, isKnown
      ? `${id} ${version} was installed already, from the same archive (${digest}).\n  label   ${labelText(label)}`
      : `Installed ${id} ${version} (${digest}).\n  label   ${labelText(label)}\n  scopes  ${manifest.scopes.join(', ') || 'none'}\nSwitch it on with \`liberacces enable ${id}@${version} --tenant …\`.`)
  },
}
