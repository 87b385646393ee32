import { Choice, LongText, Type, Upload } from '@liberacces/sdk'
import { dayFault, PURPOSES } from '../permit-request.ts'
import { sendRequest } from '../requests.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

/** The fields of the form. Their labels are the messages `field.<name>`, their hints `field.<name>.hint`. */
const Fields = Type.Object({
  purpose: Choice(PURPOSES),
  place: Type.String({ minLength: 3, maxLength: 200 }),
  fromDay: Type.String({ format: 'date' }),
  toDay: Type.String({ format: 'date' }),
  details: Type.Optional(LongText({ maxLength: 2_000 })),
  plan: Type.Optional(Upload({ accept: ['application/pdf', 'image/png', 'image/jpeg'], maxBytes: 5_242_880 })),
  email: Type.Optional(Type.String({ format: 'email' })),
})

/** The form that sends a request. It works without any script; what was typed is kept when something is wrong. */
export function registerRequestForm(k: StreetPermitRegistrar): void {
  k.form({
    path: '/demander', audience: 'citizen', permission: 'request.send', schema: Fields, title: 'page.ask', intro: 'page.ask.intro', submit: 'action.send',
  }, async (c, data) => {
    const fault = dayFault(data.fromDay, data.toDay, c.today())
    if (fault === 'past') return c.invalid({ fromDay: c.t('error.past') })
    if (fault !== undefined) return c.invalid({ toDay: c.t(`error.${fault}`) })
    await sendRequest(c, data)
    return c.redirect('/', 'notice.sent')
  })
}
