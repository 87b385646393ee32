import { returnItem } from '../items.ts'
import type { LostPropertyRegistrar } from '../lost-property-types.ts'

/** The button « Rendu à son propriétaire ». */
export function registerReturnAction(k: LostPropertyRegistrar): void {
  k.action({ path: '/gestion/objets/:id/rendre', audience: 'agent', permission: 'item.write' }, async (c, { params }) => {
    const outcome = await returnItem(c, params['id'] ?? '')
    switch (outcome) {
      case 'returned': return c.redirect('/gestion', 'notice.returned')
      case 'already-returned': return c.invalid({ '': c.t('error.already-returned') })
      case 'unknown': return c.notFound()
      default: return outcome satisfies never
    }
  })
}
