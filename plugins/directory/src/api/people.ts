import { TextBody, Type, type Static } from '@liberacces/sdk'
import type { DirectoryRegistrar } from '../directory-types.ts'
import { PersonInput, writePerson } from '../person-input.ts'
import { problemTexts } from '../problem-texts.ts'
import type { Problem } from './problem.ts'

/** Adding people from another program. */
export function registerPeopleApi(k: DirectoryRegistrar): void {
  k.route(
    {
      method: 'POST', path: '/api/persons', audience: 'agent', permission: 'entry.write', summary: 'Ajouter un élu ou un agent',
      body: PersonInput, response: { 201: Type.Object({ id: Type.String(), url: Type.String() }), 422: TextBody('application/problem+json') },
    },
    async (c, { body }) => {
      const written = await writePerson(c, undefined, body)
      if (written.kind === 'not-found') return c.notFound()
      if (written.kind === 'refused') {
        const errors = problemTexts(c, written.problems) as Readonly<Record<string, string>>
        // A text, because only a text's media type is the plugin's to say.
        const problem: Static<typeof Problem> = { title: c.t('problem.person'), status: 422, code: 'PERSON_REFUSED', errors }
        return c.reply(422, JSON.stringify(problem))
      }
      const url = c.url(`/gestion/personnes/${written.id}`)
      return c.reply(201, { id: written.id, url }, { location: url })
    },
  )
}
