import { definePlugin } from '@liberacces/sdk'
import { BureauTile, GuichetService } from '@liberacces/sdk/slots'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { registerEntryApi } from './api/entries.ts'
import { registerPeopleApi } from './api/people.ts'
import { registerAssociations } from './bureau/associations.tsx'
import { registerCsvExports } from './bureau/csv-exports.ts'
import { registerCsvImport } from './bureau/csv-import.tsx'
import { registerMandateForms } from './bureau/mandate-forms.ts'
import { registerPeopleList } from './bureau/people-list.tsx'
import { registerPersonDetail } from './bureau/person-detail.tsx'
import { registerPersonForms } from './bureau/person-forms.ts'
import { registerServices } from './bureau/services.tsx'
import { directoryTile } from './bureau/tile.tsx'
import { Directory, MandateEnded, PersonChanged } from './contract.ts'
import { fillDemo } from './demo/fill.ts'
import { directoryService } from './directory-service.ts'
import { registerMandateWatch } from './mandate-watch.ts'
import { migrations } from './migrations/migrations.ts'
import { registerAssociationPage } from './pages/association-page.tsx'
import { registerElectedList } from './pages/elected-list.tsx'
import { registerPersonPage } from './pages/person-page.tsx'
import { registerPublicList } from './pages/public-list.tsx'
import { registerServicePage } from './pages/service-page.tsx'
import { privacy } from './personal-data.ts'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** The directory of a collectivité: élus with their mandates, services, agents, associations. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.directory',
  version: '1.0.0',
  path: 'annuaire',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Annuaire', en: 'Directory' },
  description: {
    fr: 'Élus et mandats, services, agents et associations de la collectivité, pour le public et pour les agents.',
    en: 'Elected members and mandates, services, staff and associations, for the public and for staff.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'inline',
  // An import of 2 000 people, one by one, on a database across a network.
  limits: { callMs: 15_000 },
  scopes: ['db', 'files'],
  settings: Settings,
  roles: { 'agent.directory': { fr: 'Gestionnaire de l’annuaire', en: 'Directory manager' } },
  permissions: {
    'entry.read': { title: { fr: 'Consulter l’annuaire interne', en: 'Read the internal directory' }, roles: ['agent', 'agent.directory', 'tenant-admin'] },
    'entry.write': { title: { fr: 'Modifier l’annuaire', en: 'Change the directory' }, roles: ['agent.directory', 'tenant-admin'] },
    'entry.export': { title: { fr: 'Télécharger l’annuaire complet', en: 'Download the complete directory' }, roles: ['agent.directory', 'tenant-admin'] },
  },
  migrations,
  emits: [PersonChanged, MandateEnded],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerPublicList(k)
    registerElectedList(k)
    registerPersonPage(k)
    registerServicePage(k)
    registerAssociationPage(k)

    registerPeopleList(k)
    registerPersonDetail(k)
    registerPersonForms(k)
    registerMandateForms(k)
    registerServices(k)
    registerAssociations(k)
    registerCsvImport(k)
    registerCsvExports(k)

    registerEntryApi(k)
    registerPeopleApi(k)
    registerMandateWatch(k)

    k.provide(Directory, directoryService)
    k.contribute(BureauTile, { title: 'tile.title', icon: 'people', order: 30, permission: 'entry.read', render: directoryTile })
    k.contribute(GuichetService, { title: 'guichet.title', category: 'commune', href: '/', description: 'guichet.description', icon: 'people' })
  },
})
