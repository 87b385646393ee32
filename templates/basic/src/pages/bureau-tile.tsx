import { BureauTile } from '@liberacces/sdk/slots'
import { Tile } from '@liberacces/sdk/ui'
import { countToClaim } from '../items.ts'
import { dayOf } from '../lost-item.ts'
import type { LostPropertyRegistrar } from '../lost-property-types.ts'

/** How many items wait for their owner, on the Bureau. */
export function contributeToBureau(k: LostPropertyRegistrar): void {
  k.contribute(BureauTile, {
    title: 'page.public', icon: 'search', order: 40, permission: 'item.read',
    render: async (c) => {
      const count = await countToClaim(c.db, '', dayOf(c.now()))
      return <Tile count={count} label={c.t('tile.label', { count })} href={c.url('/gestion')} linkLabel={c.t('page.register')} />
    },
  })
}
