import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LabelError } from '../../label/label-error.ts'
import { buildRegister } from '../../register/build-register.ts'
import type { CertifyCommand } from '../certify-command.ts'
import { runLabel } from './label/label-command.ts'
import { readNamed, writeWhole } from './label/label-files.ts'

interface Options {
  readonly labels: string
  readonly root: string
  readonly status: string
  readonly out: string
  readonly address?: string
  readonly json?: boolean
}

/** `register build --labels DIR --root FILE --status FILE --out DIR` */
export const registerGroup: CertifyCommand = (program, context, done) => {
  const { folder, clock } = context
  const group = program.command('register').description('the public register of labels').helpOption('-h, --help', 'say how to use a command')
  const run = runLabel(context, done)
  group.command('build')
    .description('make a static site of signed labels: catalogue, history, badges, feed, JSON; refuses as a whole when one does not verify')
    .requiredOption('--labels <dir>', 'folder with .labelbundle and .label.json files')
    .requiredOption('--root <file>', 'root of trust of the certifier')
    .requiredOption('--status <file>', 'its newest status list')
    .requiredOption('--out <dir>', 'where to; a folder that is empty, or an older register, which it takes the place of')
    .option('--address <url>', 'where the site will stand, https://…, for the links of the badges')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use this command')
    .action((options: Options) => run(options, async () => {
      const { address } = options
      if (address !== undefined && !/^https:\/\/[^?#]+[^/?#]$/.test(address)) throw new LabelError(`"${address}" is no address of a site.`, 'Give https://… without a slash at its end.', 2)
      const labels = resolve(folder, options.labels)
      await readdir(labels).catch((cause: unknown) => { throw new LabelError(`${labels} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give a folder with labels.', 2, { cause }) })
      const built = await buildRegister({ labels, root: await readNamed(folder, options.root), status: await readNamed(folder, options.status), now: clock(), ...(address === undefined ? {} : { address }) })
      if (built.refused.length > 0) {
        return { exit: 1, data: { ok: false, refused: built.refused }, text: [`Nothing was written: ${built.refused.length} of the files ${built.refused.length === 1 ? 'is no label' : 'are no labels'} of this certifier.`, ...built.refused.map(({ file, why }) => `  ${file}: ${why}`)].join('\n') }
      }
      const out = resolve(folder, options.out)
      await replaceFolder(out, built.files)
      return { data: { ok: true, out, labels: built.labels, applications: built.applications, files: [...built.files.keys()] }, text: `Register of ${built.applications} applications with ${built.labels} labels: ${built.files.size} files\n  ${out}` }
    }))
}

/** Whoever looks sees the old site or the new one. */
async function replaceFolder(out: string, files: ReadonlyMap<string, string | Buffer>): Promise<void> {
  const there = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new LabelError(`${out} cannot be used: ${error.message}.`, 'Name a folder.', 2, { cause: error })
  })
  if (there !== undefined && there.length > 0 && !(there.includes('index.json') && there.includes('flux.xml'))) throw new LabelError(`${out} holds something that is no register.`, 'Name an empty folder, or that of an older register.', 2)
  await mkdir(dirname(out), { recursive: true })
  const place = await mkdtemp(join(dirname(out), '.register-'))
  try {
    const [fresh, old] = [join(place, 'new'), join(place, 'old')]
    for (const [path, content] of files) {
      await mkdir(dirname(join(fresh, path)), { recursive: true })
      await writeWhole(join(fresh, path), content)
    }
    if (there !== undefined) await rename(out, old)
    try {
      await rename(fresh, out)
    } catch (error) {
      if (there !== undefined) await rename(old, out)
      throw error
    }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
