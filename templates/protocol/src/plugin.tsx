import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { fillDemo } from './demo.ts'
import { registerFeed } from './feed.ts'
import { gathering } from './migrations/0001-gathering.ts'
import { registerAgenda } from './pages/agenda-page.tsx'
import { registerGatheringForm } from './pages/gathering-form.ts'
import type { Tables } from './tables.ts'

/** A protocol: the dates of an authority as a feed that any calendar subscribes to. */
export default definePlugin<Tables>()({
  id: 'org.example.public-agenda',
  version: '0.1.0',
  path: 'agenda-public',
  sdk: '^0.1.0',
  license: 'MIT',
  title: { fr: 'Agenda public', en: 'Public agenda' },
  description: { fr: 'Publier les dates de la collectivité, sur le Guichet et dans l’agenda de chacun.', en: 'Publish the dates of the authority, on the Guichet and in everyone’s calendar.' },
  publisher: { name: 'Example', contact: 'https://example.org' },
  scopes: ['db'],
  permissions: {
    'gathering.read': { title: { fr: 'Consulter la gestion de l’agenda', en: 'Read the management of the agenda' }, roles: ['agent', 'tenant-admin'] },
    'gathering.write': { title: { fr: 'Ajouter et annuler des dates', en: 'Add and cancel dates' }, roles: ['agent', 'tenant-admin'] },
  },
  migrations: { '0001-gathering': gathering },
  // Dates are about places; nobody is named.
  privacy: { stores: [] },
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerAgenda(k)
    registerGatheringForm(k)
    registerFeed(k)
  },
})
