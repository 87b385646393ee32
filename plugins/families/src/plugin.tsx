import { definePlugin } from '@liberacces/sdk'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { ChildChanged, HouseholdChanged, QuotientChanged } from './contract.ts'

/** Families of a collectivité: households, children, schools, health records and quotient familial, for every service of childhood. */
export default definePlugin()({
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
  scopes: [],
  emits: [ChildChanged, HouseholdChanged, QuotientChanged],
  privacy: { stores: [] },
  messages: { fr, en },
  setup() { /* Filled by what follows. */ },
})
