import { definePlugin } from '@liberacces/sdk'
import { BureauTile, GuichetService } from '@liberacces/sdk/slots'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { registerAlerts } from './bureau/alerts.tsx'
import { registerChildPage } from './bureau/child-page.tsx'
import { registerCsvFiles } from './bureau/csv-files.tsx'
import { registerHouseholdForms } from './bureau/household-forms.ts'
import { registerHouseholdList } from './bureau/household-list.tsx'
import { registerHouseholdPage } from './bureau/household-page.tsx'
import { registerRequests } from './bureau/requests.tsx'
import { registerSchools } from './bureau/schools.tsx'
import { familiesTile } from './bureau/tile.tsx'
import { ChildChanged, ChildrenImporting, Families, HouseholdChanged, HouseholdsMerged, QuotientChanged } from './contract.ts'
import { fillDemo } from './demo/fill.ts'
import { registerDocumentReminders } from './document-reminders.ts'
import { familiesService } from './families-service.ts'
import { registerOwnChild } from './guichet/child-page.tsx'
import { registerClaim } from './guichet/claim.ts'
import { registerConsent } from './guichet/consent.ts'
import { registerContactForm } from './guichet/contact-form.ts'
import { registerDashboard } from './guichet/dashboard.tsx'
import { registerMerge } from './merge/merge-pages.tsx'
import { families } from './migrations/0001-families.ts'
import { importLater } from './migrations/0002-import-later.ts'
import { permissions, roles } from './permissions.ts'
import { privacy } from './privacy.ts'
import { registerJanuary } from './quotient/january.ts'
import { registerRegistrationForms } from './registration/registration-forms.ts'
import { registerRegistrationPages } from './registration/registration-pages.tsx'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** Families of a collectivité: households, children, schools, health records and quotient familial, for every service of childhood. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.families',
  version: '0.1.0',
  path: 'familles',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Familles', en: 'Families' },
  description: {
    fr: 'Foyers, enfants, écoles, fiches sanitaires et quotient familial, pour les services de l’enfance.',
    en: 'Households, children, schools, health records and quotient familial, for the services of childhood.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'process',
  limits: { callMs: 15_000 },
  scopes: ['db', 'files'],
  optionalScopes: {
    'mail:send': { fr: 'Les familles ne reçoivent pas par courriel la décision sur leur inscription, ni de rappel pour un document ou un quotient qui se termine : elles le lisent sur leur page.', en: 'Families get no mail about the decision on their registration, nor a reminder of a document or quotient that ends: they read it on their page.' },
    'net:particulier.api.gouv.fr': { fr: 'Le quotient familial n’est pas lu auprès de la CAF ou de la MSA : les agents le saisissent à partir de l’attestation.', en: 'The quotient familial is not read from the CAF or the MSA: agents type it in from the certificate.' },
    'net:staging.particulier.api.gouv.fr': { fr: 'La lecture du quotient familial ne peut pas être essayée avec les données fictives d’API Particulier.', en: 'Reading the quotient familial cannot be tried with the made-up data of API Particulier.' },
  },
  settings: Settings,
  roles,
  permissions,
  migrations: { '0001-families': families, '0002-import-later': importLater },
  emits: [ChildChanged, HouseholdChanged, QuotientChanged, HouseholdsMerged, ChildrenImporting],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerDashboard(k)
    registerOwnChild(k)
    registerContactForm(k)
    registerClaim(k)
    registerConsent(k)
    registerRegistrationPages(k)
    registerRegistrationForms(k)

    registerHouseholdList(k)
    registerHouseholdPage(k)
    registerHouseholdForms(k)
    registerChildPage(k)
    registerMerge(k)
    registerRequests(k)
    registerSchools(k)
    registerAlerts(k)
    registerCsvFiles(k)
    registerJanuary(k)
    registerDocumentReminders(k)

    k.provide(Families, familiesService)
    k.contribute(BureauTile, { title: 'page.title', icon: 'people', order: 40, permission: 'household.read', render: familiesTile })
    k.contribute(GuichetService, { title: 'page.family', category: 'enfance', href: '/', description: 'guichet.description', icon: 'people' })
  },
})
