import { resolve } from 'node:path'
import { DEFAULT_LABEL_POLICY, writeBundle } from '@liberacces/core'
import type { LabelCommand } from './label-command.ts'
import { readIfThere, readNamed, writeWhole } from './label-files.ts'
import { foundAt, verifiedLabel } from './verified-label.ts'

interface Options {
  readonly root: string
  readonly status: string
  readonly sbom?: string
  readonly out?: string
  readonly json?: boolean
}

/** `label bundle ARCHIVE --root … --status … [--sbom …] [--out FILE]` */
export const labelBundle: LabelCommand = (group, { folder, clock }, run) => {
  group.command('bundle')
    .description('put an archive, its label, the root of trust and the status list into one .labelbundle, for sites without network')
    .argument('<archive>', 'a .tgz with its .label.json beside it')
    .requiredOption('--root <file>', 'root of trust of the certifier')
    .requiredOption('--status <file>', 'its newest status list')
    .option('--sbom <file>', 'bill of materials that the label was made with')
    .option('--out <file>', 'where to write it (beside the archive)')
    .action((archive: string, options: Options) => run(options, async () => {
      const found = await foundAt(folder, archive)
      const testResult = await readIfThere(folder, `${archive.replace(/\.tgz$/, '')}.test-result.json`)
      const sbom = options.sbom === undefined ? undefined : await readNamed(folder, options.sbom)
      const whole = { ...found, root: await readNamed(folder, options.root), status: await readNamed(folder, options.status), ...(testResult === undefined ? {} : { testResult }), ...(sbom === undefined ? {} : { sbom }) }
      // What does not hold is not handed on.
      const { statement: { predicate: { plugin } } } = await verifiedLabel(folder, whole, { root: [options.root], policy: { ...DEFAULT_LABEL_POLICY, onStale: 'block' }, now: clock() })
      const bundle = writeBundle({
        'package.tgz': whole.archive, 'label.json': whole.label, 'root.json': whole.root, 'status.json': whole.status,
        ...(sbom === undefined ? {} : { 'sbom.json': sbom }), ...(testResult === undefined ? {} : { 'test-result.json': testResult }),
      })
      const path = resolve(folder, options.out ?? `${archive.replace(/\.tgz$/, '')}.labelbundle`)
      await writeWhole(path, bundle)
      return { data: { ok: true, id: plugin.id, version: plugin.version, file: path, bytes: bundle.length }, text: `Bundled ${plugin.id} ${plugin.version}: ${Math.ceil(bundle.length / 1_000)} kB\n  ${path}` }
    }))
}
