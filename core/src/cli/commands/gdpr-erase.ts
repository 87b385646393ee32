import { textIn } from '../../localized-text.ts'
import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { addSubjectOptions, subjectOf, type SubjectOptions } from '../privacy-subject.ts'
import { tenantOf } from '../tenant-of.ts'
import { textTable } from '../text-table.ts'

/** `gdpr erase --tenant T --subject WHO --yes` */
export const gdprErase: PlatformCommand = {
  kind: 'platform',
  name: 'gdpr erase',
  summary: 'erase or make anonymous what the plugins hold of a person (GDPR, article 17), and say what the law keeps',
  define(command) {
    addSubjectOptions(command).requiredOption('--yes', 'yes, erase it')
  },
  async run(platform: Platform, { options: { tenant, ...who } }: Input<SubjectOptions>, io: Io) {
    const { id } = tenantOf(platform, tenant)
    const subject = await subjectOf(platform, id, who)
    const plugins = await platform.privacy.erase(id, subject, operator())
    const kept = Object.entries(plugins).flatMap(([plugin, answer]) => (answer.kept ?? []).map(({ what, because }) => `${plugin} keeps ${textIn('en', what)}: ${textIn('en', because)}`))
    io.answer({ tenant, subject: subject.id, plugins }, [
      textTable(['plugin', 'erased'], Object.entries(plugins).map(([plugin, { erased }]) => [plugin, erased]), `No plugin in use at ${tenant} stores personal data.`),
      ...kept,
    ].join('\n'))
  },
}
