import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { collectEvent, Sender } from './collect.ts'
import { registerCommands } from './commands.ts'
import { migrations } from './migrations/migrations.ts'
import { registerEndpointDetail } from './pages/endpoint-detail.tsx'
import { registerEndpointForms } from './pages/endpoint-forms.ts'
import { registerEndpointList } from './pages/endpoint-list.tsx'
import { privacy } from './privacy.ts'
import { registerReceiver } from './receive.ts'
import { runSender } from './sender.ts'
import { Settings } from './settings.ts'
import { sweep } from './store/deliveries.ts'
import type { Tables } from './tables.ts'

/** Events over HTTP: signed webhooks and CloudEvents out, CloudEvents in. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.webhooks',
  version: '1.0.0',
  path: 'webhooks',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Webhooks', en: 'Webhooks' },
  description: {
    fr: 'Prévenir d’autres logiciels de ce qui se passe dans la collectivité, par webhooks signés ou CloudEvents, et recevoir leurs événements.',
    en: 'Tell other software what happens in the local authority, by signed webhooks or CloudEvents, and take their events.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'inline',
  scopes: ['db', 'net:*', 'events:read:*', 'events:write:*', 'mail:send'],
  settings: Settings,
  permissions: {
    'webhook.manage': { title: { fr: 'Gérer les webhooks', en: 'Manage webhooks' }, roles: ['tenant-admin'] },
    'event.receive': { title: { fr: 'Transmettre des événements de l’extérieur', en: 'Hand over events from outside' }, roles: ['tenant-admin', 'agent.exchange'] },
  },
  roles: { 'agent.exchange': { fr: 'Logiciel partenaire', en: 'Partner software' } },
  migrations,
  privacy,
  messages: { fr, en },
  setup(k) {
    registerEndpointList(k)
    registerEndpointForms(k)
    registerEndpointDetail(k)
    registerReceiver(k)
    registerCommands(k)
    k.onAny(collectEvent, { id: 'collect' })
    k.worker(Sender, runSender)
    k.schedule({ id: 'sweep', cron: '23 3 * * *', timeoutMs: 60_000 }, sweep)
  },
})
