import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { failureOf } from '../failure.ts'
import type { Io } from '../io.ts'
import { labelAnswer, labelText } from '../label-text.ts'

/** `plugin verify SPEC` */
export const pluginVerify: PlatformCommand = {
  kind: 'platform',
  name: 'plugin verify',
  summary: 'say all that is right or wrong with an archive, without installing it; exit 1 when it could not be installed',
  define(command) {
    command.argument('<spec>', 'a .tgz (with its .label.json beside it or without), a .labelbundle, a packed folder, or NAME[@VERSION] of an npm package')
  },
  async run({ releases }: Platform, { args: [spec] }: Input<object, [string]>, io: Io) {
    const verdict = await releases.verify(spec, io.folder)
    const { source, digest, manifest } = verdict
    const about = { source, ...(digest === undefined ? {} : { digest }), ...(manifest === undefined ? {} : { pluginId: manifest.id, id: manifest.id, version: manifest.version, scopes: manifest.scopes, sdk: manifest.sdk }) }
    if (verdict.ok) {
      io.answer({ ok: true, ...about, label: labelAnswer(verdict.label ?? {}), problems: [] }, [`${verdict.manifest.id} ${verdict.manifest.version} can be installed.`, `  from    ${source}`, `  digest  ${verdict.digest}`, `  SDK     ${verdict.manifest.sdk}`, `  scopes  ${verdict.manifest.scopes.join(', ') || 'none'}`, `  files   ${verdict.files}`, `  label   ${labelText(verdict.label ?? {})}`].join('\n'))
      return undefined
    }
    io.answer({ ok: false, ...about, problems: verdict.problems.map(failureOf) },
      [`${source} cannot be installed:`, ...verdict.problems.map(({ code, message, fix }) => `  ${message}\n    ${fix} (${code})`)].join('\n'))
    return 1
  },
}
