import { Type } from '@liberacces/sdk'
import { momentFault } from '../gathering.ts'
import { addGathering, cancelGathering } from '../gatherings.ts'
import type { PublicAgendaRegistrar } from '../public-agenda-types.ts'

/** The fields of the form. Moments are typed as time in Paris and come in UTC. */
const Fields = Type.Object({
  title: Type.String({ minLength: 3, maxLength: 150 }),
  place: Type.String({ maxLength: 200, default: '' }),
  startsAt: Type.String({ format: 'date-time' }),
  endsAt: Type.String({ format: 'date-time' }),
})

/** The form that adds a date, and the button that cancels one. */
export function registerGatheringForm(k: PublicAgendaRegistrar): void {
  k.form({ path: '/gestion/nouveau', audience: 'agent', permission: 'gathering.write', schema: Fields, title: 'page.add' }, async (c, data) => {
    const fault = momentFault(data.startsAt, data.endsAt)
    if (fault !== undefined) return c.invalid({ endsAt: c.t(`error.${fault}`) })
    await addGathering(c, data)
    return c.redirect('/gestion', 'notice.added')
  })

  k.action({ path: '/gestion/dates/:id/annuler', audience: 'agent', permission: 'gathering.write' }, async (c, { params }) =>
    (await cancelGathering(c, params['id'] ?? '') ? c.redirect('/gestion', 'notice.cancelled') : c.notFound()))
}
