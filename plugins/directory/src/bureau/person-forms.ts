import { Type } from '@liberacces/sdk'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { PersonInput, toPersonInput, writePerson } from '../person-input.ts'
import { problemTexts } from '../problem-texts.ts'
import { findPerson } from '../store/people.ts'
import { findService } from '../store/services.ts'

/** Forms to add and change an élu or agent. */
export function registerPersonForms(k: DirectoryRegistrar): void {
  k.form(
    {
      path: '/gestion/personnes/ajouter', audience: 'agent', permission: 'entry.write', title: 'page.person.add', schema: PersonInput,
      query: Type.Object({ service: Type.String({ maxLength: 200, default: '' }) }),
    },
    async (c, data) => {
      const written = await writePerson(c, undefined, data)
      if (written.kind === 'refused') return c.invalid(problemTexts(c, written.problems))
      if (written.kind === 'not-found') return c.notFound()
      // An élu is nobody to the public without a mandate, so that comes next.
      return data.kind === 'elected'
        ? c.redirect(`/gestion/personnes/${written.id}/mandats/ajouter`, 'notice.person.addMandate')
        : c.redirect(`/gestion/personnes/${written.id}`, 'notice.saved')
    },
    async (c, { query }) => {
      const service = query.service === '' ? undefined : await findService(c.db, query.service)
      return { kind: 'agent', listed: true, ...(service === undefined ? {} : { service: service.name }) }
    },
  )

  k.form(
    { path: '/gestion/personnes/:id/modifier', audience: 'agent', permission: 'entry.write', title: 'page.person.edit', schema: PersonInput },
    async (c, data, { params }) => {
      const written = await writePerson(c, params['id'] ?? '', data)
      if (written.kind === 'refused') return c.invalid(problemTexts(c, written.problems))
      return written.kind === 'not-found' ? c.notFound() : c.redirect(`/gestion/personnes/${written.id}`, 'notice.saved')
    },
    async (c, { params }) => {
      const stored = await findPerson(c.db, params['id'] ?? '')
      return stored === undefined ? undefined : toPersonInput(stored.person, stored.serviceName)
    },
  )
}
