import type { Platform } from '../../platform.ts'
import type { Input, PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { addSubjectOptions, subjectOf, type SubjectOptions } from '../privacy-subject.ts'
import { tenantOf } from '../tenant-of.ts'

/** `gdpr export --tenant T --subject WHO` */
export const gdprExport: PlatformCommand = {
  kind: 'platform',
  name: 'gdpr export',
  summary: 'everything that the plugins hold of a person (GDPR, article 15), as JSON',
  define(command) {
    addSubjectOptions(command)
  },
  async run(platform: Platform, { options: { tenant, ...who } }: Input<SubjectOptions>, io: Io) {
    const { id } = tenantOf(platform, tenant)
    const subject = await subjectOf(platform, id, who)
    const plugins = await platform.privacy.export(id, subject, operator())
    const document = { tenant, subject, plugins }
    // Handed to the person as it is: there is no shorter form for people.
    io.answer(document, JSON.stringify(document, null, 2))
  },
}
