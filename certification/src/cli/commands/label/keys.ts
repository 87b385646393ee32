import { mkdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeDemonstration } from '../../../label/demonstration.ts'
import { LabelError } from '../../../label/label-error.ts'
import { makeOfficerKey } from '../../../label/officer-key.ts'
import type { LabelCommand } from './label-command.ts'
import { passphraseFrom, writeWhole } from './label-files.ts'

interface Options {
  readonly out: string
  readonly demo?: boolean
  readonly name: string
  readonly passphraseFile?: string
  readonly json?: boolean
}

/** `label keys --out DIR [--name NAME] [--passphrase-file FILE] | --demo` */
export const labelKeys: LabelCommand = (group, { folder, clock }, run) => {
  group.command('keys')
    .description('make the key of an officer, or with --demo a whole certifier for trying out: three keys, a root of trust, an empty status list')
    .requiredOption('--out <dir>', 'where to; a folder that is not shared')
    .option('--demo', 'a certifier for demonstrations')
    .option('--name <name>', 'name of the files', 'officer')
    .option('--passphrase-file <file>', 'encrypt the key with the first line of this file')
    .action((options: Options) => run(options, async () => {
      const target = resolve(folder, options.out)
      if (!/^[a-z0-9-]{1,40}$/.test(options.name)) throw new LabelError(`"${options.name}" is no name for files.`, 'Use 1 to 40 of a-z, 0-9 and "-".', 2)
      const files = options.demo === true ? makeDemonstration(clock()).files : keyFiles(options.name, await passphraseFrom(folder, options.passphraseFile))
      await mkdir(target, { recursive: true, mode: 0o700 }).catch((cause: unknown) => { throw new LabelError(`${target} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Name a folder that this user may make.', 2, { cause }) })
      // A key that is overwritten is lost, and with it what it signed.
      for (const name of files.keys()) if (await isThere(join(target, name))) throw new LabelError(`${join(target, name)} is there already.`, 'Name another folder: keys are never overwritten.', 2)
      for (const [name, content] of files) await writeWhole(join(target, name), content, name.endsWith('.pem') && !name.endsWith('.pub.pem') ? 0o600 : 0o644)
      const names = [...files.keys()]
      return { data: { ok: true, folder: target, files: names }, text: `Made in ${target}: ${names.join(', ')}\nWhoever has the .pem files signs in your name: keep them to their officers, and out of every repository.` }
    }))
}

function keyFiles(name: string, passphrase: string | undefined): ReadonlyMap<string, string> {
  const { privatePem, publicPem } = makeOfficerKey(passphrase)
  return new Map([[`${name}.pem`, privatePem], [`${name}.pub.pem`, publicPem]])
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return false
    throw error
  })
}
