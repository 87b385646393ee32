import { BureauTile } from '@liberacces/sdk/slots'
import { Tile } from '@liberacces/sdk/ui'
import { countInbox } from '../requests.ts'
import type { StreetPermitRegistrar } from '../street-permit-types.ts'

/** How many requests wait for a decision, on the Bureau. */
export function contributeToBureau(k: StreetPermitRegistrar): void {
  k.contribute(BureauTile, {
    title: 'page.inbox', icon: 'document', order: 50, permission: 'request.read',
    render: async (c) => {
      const count = await countInbox(c.db, 'waiting')
      return <Tile count={count} label={c.t('tile.label', { count })} href={c.url('/gestion')} linkLabel={c.t('tile.open')} />
    },
  })
}
