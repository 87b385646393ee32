import { BureauTile } from '@liberacces/sdk/slots'
import { Tile } from '@liberacces/sdk/ui'
import { queueState } from '../reports.ts'
import type { RoadReportRegistrar } from '../road-report-types.ts'

/** How many reports wait, on the Bureau. */
export function contributeToBureau(k: RoadReportRegistrar): void {
  k.contribute(BureauTile, {
    title: 'page.queue', icon: 'megaphone', order: 60, permission: 'report.read',
    render: async (c) => {
      const { waiting, refused } = await queueState(c.db)
      return <Tile count={waiting + refused} label={c.t('tile.label', { count: waiting + refused })} href={c.url('/gestion')} linkLabel={c.t('tile.open')} />
    },
  })
}
