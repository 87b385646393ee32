import { resolve } from 'node:path'
import { DEFAULT_LABEL_POLICY } from '@liberacces/core'
import { badgeOf } from '../../../label/badge.ts'
import { LabelError } from '../../../label/label-error.ts'
import type { LabelCommand } from './label-command.ts'
import { writeWhole } from './label-files.ts'
import { foundAt, verifiedLabel } from './verified-label.ts'

interface Options {
  readonly root: string
  readonly status: string
  readonly register?: string
  readonly out?: string
  readonly json?: boolean
}

/** `label badge FILE --root … --status … [--register URL] [--out FILE.svg]` */
export const labelBadge: LabelCommand = (group, { folder, clock }, run) => {
  group.command('badge')
    .description('draw the badge of a label that holds today, as SVG; it informs, and proves nothing without the register')
    .argument('<file>', 'a .labelbundle, an archive with its .label.json beside it, or that .label.json')
    .requiredOption('--root <file>', 'root of trust of the certifier')
    .requiredOption('--status <file>', 'its newest status list')
    .option('--register <url>', 'page of the register that the badge leads to')
    .option('--out <file>', 'where to write it (beside the label)')
    .action((file: string, options: Options) => run(options, async () => {
      const { register } = options
      if (register !== undefined && !(URL.canParse(register) && new URL(register).protocol === 'https:')) throw new LabelError(`"${register}" is no address of a register.`, 'Give https://….', 2)
      const { statement: { predicate } } = await verifiedLabel(folder, await foundAt(folder, file), { root: [options.root], status: options.status, policy: { ...DEFAULT_LABEL_POLICY, onStale: 'block' }, now: clock() })
      const path = resolve(folder, options.out ?? `${file.replace(/\.(labelbundle|tgz|label\.json)$/, '')}.svg`)
      await writeWhole(path, badgeOf({ title: predicate.plugin.id, version: predicate.plugin.version, grade: predicate.grade, kernelRange: predicate.kernelRange, notAfter: predicate.notAfter, ...(register === undefined ? {} : { register }) }))
      return { data: { ok: true, file: path }, text: path }
    }))
}
