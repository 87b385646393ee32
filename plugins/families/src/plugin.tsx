import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { ChildChanged, Families, HouseholdChanged, QuotientChanged } from './contract.ts'
import { fillDemo } from './demo/fill.ts'
import { familiesService } from './families-service.ts'
import { families } from './migrations/0001-families.ts'
import { permissions, roles } from './permissions.ts'
import { privacy } from './privacy.ts'
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
    'mail:send': { fr: 'Les familles ne reçoivent pas par courriel la décision sur leur inscription : elles la lisent sur leur page.', en: 'Families get no mail about the decision on their registration: they read it on their page.' },
    'net:particulier.api.gouv.fr': { fr: 'Le quotient familial n’est pas lu auprès de la CAF ou de la MSA : les agents le saisissent à partir de l’attestation.', en: 'The quotient familial is not read from the CAF or the MSA: agents type it in from the certificate.' },
    'net:staging.particulier.api.gouv.fr': { fr: 'La lecture du quotient familial ne peut pas être essayée avec les données fictives d’API Particulier.', en: 'Reading the quotient familial cannot be tried with the made-up data of API Particulier.' },
  },
  settings: Settings,
  roles,
  permissions,
  migrations: { '0001-families': families },
  emits: [ChildChanged, HouseholdChanged, QuotientChanged],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    k.provide(Families, familiesService)
  },
})
