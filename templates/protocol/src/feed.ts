import { createHash } from 'node:crypto'
import { Type } from '@liberacces/sdk'
import { gatheringsForFeed } from './gatherings.ts'
import { icalendar } from './icalendar.ts'
import type { PublicAgendaRegistrar } from './public-agenda-types.ts'

/** The path that calendars subscribe to. */
export const FEED = '/agenda.ics'

/** The feed: the protocol's media type, and an entity tag, since each subscriber asks every hour. */
export function registerFeed(k: PublicAgendaRegistrar): void {
  k.route({
    method: 'GET', path: FEED, audience: 'public', summary: 'The dates to come, for calendars (iCalendar, RFC 5545)',
    response: { 200: Type.String({ contentMediaType: 'text/calendar' }) },
  }, async (c) => {
    const url = c.absoluteUrl('/')
    const text = icalendar({ name: c.tenant.name, domain: new URL(url).hostname, product: '-//Example//Public agenda 0.1.0//FR', url }, await gatheringsForFeed(c.db, c.now()))
    return c.reply(200, text, { 'etag': `"${createHash('sha256').update(text).digest('base64url')}"`, 'cache-control': 'public, max-age=300' })
  })
}
