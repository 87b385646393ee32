import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'

interface Options {
  readonly secretStdin?: boolean
  readonly newSecret?: boolean
}

/** `plugin add-remote URL` */
export const pluginAddRemote: PlatformCommand = {
  kind: 'platform',
  name: 'plugin add-remote',
  summary: 'add an application that answers elsewhere, over HTTPS, or another version of it; it is called nowhere before it is enabled',
  define(command) {
    command.argument('<url>', 'base of its addresses; URL/plugin.json says what it is')
      .option('--secret-stdin', 'take the secret that it holds already from standard input, instead of making one')
      .option('--new-secret', 'make another secret; the one before goes on to be taken until the next')
  },
  readsInput: ({ options }: Input<Options>) => options.secretStdin === true,
  wrongUse: ({ options }: Input<Options>) => (options.secretStdin === true && options.newSecret === true ? '--secret-stdin brings a secret, --new-secret makes one: give one of them.' : undefined),
  async run({ applications }: Platform, { args: [url], options: { secretStdin, newSecret } }: Input<Options, [string]>, io: Io) {
    const given = secretStdin === true ? (await io.input()).trim() : undefined
    const { id, version, digest, url: base, isKnown, manifest, secret } = await applications.add(url, { renew: newSecret === true, ...(given === undefined ? {} : { secret: given }) }, operator())
    const { scopes } = manifest
    io.answer({ pluginId: id, id, version, digest, url: base, already: isKnown, scopes, ...(secret === undefined ? {} : { secret }) }, [
      isKnown ? `${id} ${version} was added already.` : `Added ${id} ${version} (${digest}).`,
      `  answers at  ${base}`,
      `  scopes      ${scopes.join(', ') || 'none'}`,
      ...(secret === undefined ? [] : ['', 'Its secret, shown this once. Give it to the application, for instance as LIBERACCES_SECRET:', '', `  ${secret}`, '']),
      ...(isKnown ? [] : [`Switch it on with \`liberacces enable ${id}@${version} --tenant …\`.`]),
    ].join('\n'))
  },
}
