import { definePlugin } from '@liberacces/sdk'
import { registerAttendance } from './attendance/register.ts'
import { registerBilling } from './billing/register.ts'
import { registerBooking } from './booking/register.ts'
import { registerImports } from './imports/register.ts'
import { registerMenus } from './menus/register.ts'
import { BookingCancelled, BookingCreated, BookingsImporting, CampaignDrafting, CampaignTelling, DebitsAnnouncing, EnrolmentDecided, PlaceOffered } from './contract.ts'
import { fillDemo } from './demo/fill.ts'
import { en, fr } from './messages.ts'
import { migrations } from './migrations.ts'
import { permissions, roles } from './permissions.ts'
import { privacy } from './privacy.ts'
import { Settings } from './settings.ts'
import type { Tables } from './tables.ts'

/** School canteen and leisure centre: families book, agents check and count, the régie bills. */
export default definePlugin<Tables>()({
  id: 'fr.liberacces.canteen',
  version: '0.1.0',
  path: 'cantine',
  sdk: '^0.1.0',
  license: 'GPL-3.0-or-later OR CECILL-2.1',
  title: { fr: 'Cantine et centre de loisirs', en: 'School canteen and leisure centre' },
  description: {
    fr: 'Réserver les repas et l’accueil, pointer les présences, composer les menus, facturer.',
    en: 'Book meals and childcare, record attendance, compose menus, bill.',
  },
  publisher: { name: 'LiberAccès', contact: 'https://liberacces.example' },
  runtime: 'process',
  // At the opening minute a hundred families book at once, and each waits for those before it.
  limits: { callMs: 15_000 },
  scopes: ['db', 'files'],
  browser: ['checkin'],
  optionalScopes: {
    'browser': { fr: 'Le pointage se fait page par page et s’arrête sans réseau.', en: 'Check-in goes page by page and stops without a network.' },
    'mail:send': { fr: 'Les familles ne sont prévenues ni d’une décision sur une inscription, ni d’une place offerte, ni d’une facture : elles le lisent sur leur page.', en: 'Families are told neither of a decision on an enrolment, nor of an offered place, nor of an invoice: they read it on their page.' },
  },
  requires: { 'fr.liberacces.families/v1': '*' },
  settings: Settings,
  roles,
  permissions,
  migrations,
  emits: [BookingCreated, BookingCancelled, PlaceOffered, EnrolmentDecided, BookingsImporting, CampaignDrafting, CampaignTelling, DebitsAnnouncing],
  privacy,
  messages: { fr, en },
  demo: fillDemo,
  setup(k) {
    registerBooking(k)
    registerImports(k)
    registerAttendance(k)
    registerMenus(k)
    registerBilling(k)
  },
})
