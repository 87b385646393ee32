import { Choice, Type, type Static } from '@liberacces/sdk'
import type { Checked } from '../checked.ts'
import { PersonChanged } from '../contract.ts'
import type { DirectoryRegistrar, DirectoryTransaction } from '../directory-types.ts'
import { checkMandate, OFFICES, type Mandate, type MandateField } from '../mandate.ts'
import { problemTexts } from '../problem-texts.ts'
import { findMandate, mandatesOf, saveMandate } from '../store/mandates.ts'
import { findPerson, today } from '../store/people.ts'

const MandateForm = Type.Object({
  mandateOffice: Choice(OFFICES),
  title: Type.String({ minLength: 1, maxLength: 160 }),
  rank: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  startsOn: Type.String({ format: 'date' }),
  lastDay: Type.Optional(Type.String({ format: 'date' })),
})

/** Forms to add, change and delete an élu's mandates. Each change is a change of the person. */
export function registerMandateForms(k: DirectoryRegistrar): void {
  k.form(
    { path: '/gestion/personnes/:id/mandats/ajouter', audience: 'agent', permission: 'entry.write', title: 'page.mandate.add', intro: 'mandate.intro', schema: MandateForm },
    async (c, data, { params }) => {
      const personId = params['id'] ?? ''
      if ((await findPerson(c.db, personId)) === undefined) return c.notFound()
      const id = c.id()
      const result = await c.transaction(async (tx) => {
        const checked = await check(tx, personId, undefined, data)
        if (!checked.ok) return checked
        await saveMandate(tx, id, personId, checked.value, today(c))
        await tx.emit(PersonChanged, { personId, change: 'updated' })
        return checked
      })
      if (!result.ok) return c.invalid(problemTexts(c, result.problems))
      await c.audit('mandate.created', id, { person: personId })
      return c.redirect(`/gestion/personnes/${personId}`, 'notice.saved')
    },
    async (c, { params }) => ((await findPerson(c.db, params['id'] ?? '')) === undefined ? undefined : {}),
  )

  k.form(
    { path: '/gestion/mandats/:id/modifier', audience: 'agent', permission: 'entry.write', title: 'page.mandate.edit', intro: 'mandate.intro', schema: MandateForm },
    async (c, data, { params }) => {
      const stored = await findMandate(c.db, params['id'] ?? '')
      if (stored === undefined) return c.notFound()
      const { id, personId } = stored
      const result = await c.transaction(async (tx) => {
        const checked = await check(tx, personId, id, data)
        if (!checked.ok) return checked
        await saveMandate(tx, id, personId, checked.value, today(c))
        await tx.emit(PersonChanged, { personId, change: 'updated' })
        return checked
      })
      if (!result.ok) return c.invalid(problemTexts(c, result.problems))
      await c.audit('mandate.updated', id, { person: personId })
      return c.redirect(`/gestion/personnes/${personId}`, 'notice.saved')
    },
    async (c, { params }) => {
      const stored = await findMandate(c.db, params['id'] ?? '')
      if (stored === undefined) return undefined
      const { office, title, rank, startsOn, lastDay } = stored
      return { mandateOffice: office, title, startsOn, ...(rank === undefined ? {} : { rank }), ...(lastDay === undefined ? {} : { lastDay }) }
    },
  )

  k.action({ path: '/gestion/mandats/:id/supprimer', audience: 'agent', permission: 'entry.write' }, async (c, { params }) => {
    const stored = await findMandate(c.db, params['id'] ?? '')
    if (stored === undefined) return c.notFound()
    await c.transaction(async (tx) => {
      await tx.deleteFrom('mandate').where('id', '=', stored.id).execute()
      await tx.emit(PersonChanged, { personId: stored.personId, change: 'updated' })
    })
    await c.audit('mandate.deleted', stored.id, { person: stored.personId })
    return c.redirect(`/gestion/personnes/${stored.personId}`, 'notice.mandate.deleted')
  })
}

async function check(tx: DirectoryTransaction, personId: string, id: string | undefined, data: Static<typeof MandateForm>): Promise<Checked<Mandate, MandateField>> {
  const others = ((await mandatesOf(tx, [personId])).get(personId) ?? []).filter((mandate) => mandate.id !== id)
  return checkMandate({ office: data.mandateOffice, title: data.title, rank: data.rank, startsOn: data.startsOn, lastDay: data.lastDay ?? '' }, others)
}
