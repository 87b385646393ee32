import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { keepLink, Link } from './link.ts'
import { migrations } from './migrations/migrations.ts'
import { sendOut } from './outbound.ts'
import { registerBridgePages } from './pages/bridge-page.tsx'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** How long it is known that an event came in, in days: a bus that hands one over again does so much sooner. */
const KNOWN_DAYS = 90

/** A bridge to the message bus that a collectivité has already: AMQP 0-9-1, such as RabbitMQ. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.bridge',
  version: '1.0.0',
  path: 'passerelle',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Passerelle vers un bus (AMQP)', en: 'Bridge to a bus (AMQP)' },
  description: {
    fr: 'Échanger des événements avec le bus de messages existant de la collectivité (RabbitMQ ou tout autre bus AMQP 0-9-1), dans les deux sens.',
    en: 'Exchange events with the message bus that the local authority has already (RabbitMQ or any AMQP 0-9-1 bus), both ways.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'inline',
  limits: { callMs: 15_000 },
  scopes: ['db', 'tcp:*', 'events:read:*', 'events:write:*'],
  settings: Settings,
  permissions: { 'bridge.manage': { title: { fr: 'Gérer la passerelle vers le bus', en: 'Manage the bridge to the bus' }, roles: ['tenant-admin'] } },
  migrations,
  // It hands events on and keeps none of their data: only which came in, by source and id.
  privacy: { stores: [] },
  messages: { fr, en },
  setup(k) {
    registerBridgePages(k)
    k.onAny(sendOut, { id: 'out' })
    k.worker(Link, keepLink)
    k.schedule({ id: 'sweep', cron: '37 3 * * *', timeoutMs: 60_000 }, async (c) => {
      await c.db.deleteFrom('received').where('received_at', '<', new Date(c.now().getTime() - KNOWN_DAYS * 86_400_000).toISOString()).execute()
    })
  },
})
