import { resolve } from 'node:path'
import { readTrustRoot, type TrustRoot } from '@liberacces/core'
import { emptyStatusList, signStatusList } from '../../../label/change-status.ts'
import { LabelError } from '../../../label/label-error.ts'
import { addressesOf, makeRoot } from '../../../label/make-root.ts'
import { readPublicKey } from '../../../label/officer-key.ts'
import { collect, wholeNumber, type LabelCommand } from './label-command.ts'
import { keysFrom, readNamed, writeWhole } from './label-files.ts'

interface Options {
  readonly officer: readonly string[]
  readonly key: readonly string[]
  readonly id?: string
  readonly name?: string
  readonly threshold: number
  readonly previous?: string
  readonly passphraseFile?: string
  readonly out: string
  readonly status?: string
  readonly json?: boolean
}

/** `label root --officer "NAME=FILE.pub.pem"… --key FILE… --out FILE` */
export const labelRoot: LabelCommand = (group, { folder, clock }, run) => {
  group.command('root')
    .description('make the root of trust of a certifier, or with --previous the one that takes its place; enough keys must be at hand')
    .requiredOption('--officer <name=file>', 'an officer and their .pub.pem; once each', collect)
    .requiredOption('--key <file>', 'key that signs; once each', collect)
    .requiredOption('--out <file>', 'where to write it')
    .option('--id <url>', 'address of the certifier, https://…')
    .option('--name <name>', 'name of the certifier')
    .option('--threshold <n>', 'how many officers sign together', wholeNumber(1, 32), 2)
    .option('--previous <file>', 'the root that it takes the place of')
    .option('--status <file>', 'begin an empty status list there too')
    .option('--passphrase-file <file>', 'opens encrypted keys')
    .action((options: Options) => run(options, async () => {
      const previous: TrustRoot | undefined = options.previous === undefined ? undefined : readTrustRoot(await readNamed(folder, options.previous))
      const id = options.id ?? previous?.id
      const name = options.name ?? previous?.name
      if (id === undefined || name === undefined) throw new LabelError('A first root needs --id and --name.', 'Give the address of the certifier and its name.', 2)
      const officers = await Promise.all(options.officer.map(async (text) => {
        const at = text.lastIndexOf('=')
        if (at < 1) throw new LabelError(`"${text}" is no officer.`, 'Give --officer "Name=FILE.pub.pem".', 2)
        const path = text.slice(at + 1)
        return { holder: text.slice(0, at), key: readPublicKey((await readNamed(folder, path)).toString(), path) }
      }))
      const keys = await keysFrom(folder, options.key, options.passphraseFile)
      const now = clock()
      const bytes = makeRoot({ id, name, officers, threshold: options.threshold, now, keys, ...(previous === undefined ? {} : { previous }) })
      await writeWhole(resolve(folder, options.out), bytes)
      if (options.status !== undefined) await writeWhole(resolve(folder, options.status), signStatusList(emptyStatusList(addressesOf(id).status, now), keys))
      const { version, fingerprint } = readTrustRoot(bytes)
      return { data: { ok: true, id, version, fingerprint }, text: `Root of trust of ${name}, version ${version}\n  fingerprint  ${fingerprint}\nTell the fingerprint by another way than the file: operators compare it.` }
    }))
}
