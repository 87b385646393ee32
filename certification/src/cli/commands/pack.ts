import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PackError } from '../../pack/pack-error.ts'
import { packPlugin } from '../../pack/pack-plugin.ts'
import type { CertifyCommand } from '../certify-command.ts'

/** `pack PATH [--out DIR] [--json]` */
export const packCommand: CertifyCommand = (program, { folder, out, err }, done) => {
  program.command('pack')
    .description('make an archive of a plugin that `liberacces plugin install` takes: the same source gives the same bytes')
    .argument('<path>', 'folder of the plugin\'s package')
    .option('--out <dir>', 'where to put it (PATH/dist)')
    .option('--json', 'answer with one JSON document')
    .helpOption('-h, --help', 'say how to use this command')
    .action(async (path: string, options: { readonly out?: string; readonly json?: boolean }) => {
      const source = resolve(folder, path)
      try {
        const { manifest, archive, digest, files } = await packPlugin(source)
        const target = options.out === undefined ? join(source, 'dist') : resolve(folder, options.out)
        const file = join(target, `${manifest.id}-${manifest.version}.tgz`)
        await mkdir(target, { recursive: true })
        // Whoever looks at the same moment sees the old one or the new one.
        await writeFile(`${file}.new`, archive)
        await rename(`${file}.new`, file)
        out(options.json === true
          ? `${JSON.stringify({ ok: true, id: manifest.id, version: manifest.version, digest, file, bytes: archive.length, files }, null, 2)}\n`
          : `Packed ${manifest.id} ${manifest.version}: ${files.length} files, ${Math.ceil(archive.length / 1_000)} kB\n  ${file}\n  ${digest}\n`)
      } catch (error) {
        if (!(error instanceof PackError)) throw error
        if (options.json === true) out(`${JSON.stringify({ ok: false, problems: error.problems }, null, 2)}\n`)
        else err(`liberacces-certify: ${source} cannot be packed:\n${error.problems.map((problem) => `  ${problem}`).join('\n')}\n`)
        done(1)
      }
    })
}
