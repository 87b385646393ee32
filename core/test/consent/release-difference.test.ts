import type { Manifest } from '@liberacces/sdk/host'
import { expect, test } from 'vitest'
import { describeDifference } from '../../src/consent/difference-text.ts'
import { asksForMore, releaseDifference } from '../../src/consent/release-difference.ts'

const FIRST: Manifest = {
  id: 'fr.test.canteen', version: '1.0.0', path: 'canteen', sdk: '*', license: 'MIT', title: { fr: 'Cantine' }, publisher: { name: 'T', contact: 'x' }, runtime: 'inline',
  limits: { memoryMb: 128, callMs: 5_000 }, scopes: ['db', 'files'], optionalScopes: { 'net:maps.example.fr': { fr: 'Les plans ne s’affichent pas.', en: 'Maps are not shown.' } },
  requires: { 'fr.test.directory/v1': '*' }, optional: {}, settings: {}, permissions: { 'booking.read': { title: { fr: 'Consulter' }, roles: ['agent'] } }, roles: {},
  migrations: [], emits: [], provides: [], handles: [], schedules: [], contributes: [],
  stores: [{ table: 'booking', subject: 'guardian_id', purpose: { fr: 'Facturation des repas', en: 'Billing of meals' }, basis: 'public-task', retentionDays: 1095 }],
}
const SECOND: Manifest = {
  ...FIRST, version: '2.0.0', scopes: ['db', 'net:maps.example.fr', 'net:api.payfip.example'],
  optionalScopes: { 'files': { fr: 'Les menus ne sont pas illustrés.', en: 'Menus have no pictures.' }, 'mail:send': { fr: 'Les familles ne sont pas prévenues par courriel.' } },
  requires: { 'fr.test.payments': '^2.0.0' }, optional: { 'fr.test.directory/v1': '*' },
  permissions: {
    'booking.read': { title: { fr: 'Consulter' }, roles: ['agent'] },
    'booking.write': { title: { fr: 'Réserver un repas', en: 'Book a meal' }, roles: ['citizen', 'agent.school'] }, 'menu.write': { title: { fr: 'Composer les menus', en: 'Compose menus' }, roles: [] },
  },
  stores: [
    { table: 'booking', subject: 'guardian_id', purpose: { fr: 'Facturation des repas', en: 'Billing of meals' }, basis: 'public-task', retentionDays: 3650 },
    { table: 'allergy', subject: 'child_id', purpose: { fr: 'Repas adaptés', en: 'Adapted meals' }, basis: 'consent', retentionDays: null },
  ],
}
const sentences = (from: Manifest | undefined, to: Manifest, locale: 'fr' | 'en') => Object.fromEntries(describeDifference(releaseDifference(from, to), locale, {
  need: (id) => (id === 'fr.test.payments' ? 'Paiements' : undefined),
}).map(({ title, sentences: own }) => [title, own.map((one) => one.replaceAll('\u00a0', ' '))]))

test('[G5] what another release asks for and brings is said in plain French', () => {
  expect(sentences(FIRST, SECOND, 'fr')).toEqual({
    'Ce que le module demande': [
      'Devient indispensable : envoyer et recevoir des données par internet avec maps.example.fr.',
      'Nouveau : envoyer et recevoir des données par internet avec api.payfip.example.',
      'Devient facultatif : enregistrer des fichiers qui lui sont propres. Si vous refusez : Les menus ne sont pas illustrés.',
      'Nouveau et facultatif : envoyer des courriels au nom de la collectivité. Si vous refusez : Les familles ne sont pas prévenues par courriel.',
    ],
    'Données personnelles': [
      'Changement : Facturation des repas (base légale : mission d’intérêt public ; conservation : 10 ans). Auparavant : Facturation des repas (base légale : mission d’intérêt public ; conservation : 3 ans).',
      'Nouvelles données personnelles : Repas adaptés (base légale : consentement ; conservation : sans limite, comme la loi le prévoit).',
    ],
    'Droits des personnes': [
      'Nouveau droit : « Réserver un repas », accordé d’office à : Usager et agent.school.',
      'Nouveau droit : « Composer les menus », que vous pouvez accorder à un rôle.',
    ],
    'Autres modules': ['A désormais besoin de : Paiements ^2.0.0.', 'N’a plus besoin de : fr.test.directory/v1.', 'Utilise désormais, s’il est activé : fr.test.directory/v1.'],
  })
})

test('[G5] and in English; French stands in where the author wrote no English', () => {
  expect(sentences(FIRST, SECOND, 'en')['What the module asks for']).toEqual([
    'No longer optional: Send and receive data over the internet with maps.example.fr.',
    'New: Send and receive data over the internet with api.payfip.example.',
    'Now optional: Store files of its own. If you refuse: Menus have no pictures.',
    'New and optional: Send email on behalf of the local authority. If you refuse: Les familles ne sont pas prévenues par courriel.',
  ])
})

test('[G5] a release has no difference from itself; to a tenant without the plugin everything is new; back again everything goes', () => {
  expect(releaseDifference(SECOND, SECOND)).toEqual([])
  expect(releaseDifference(undefined, FIRST).map(({ about, change }) => `${about} ${change}`)).toEqual([
    'scope added', 'scope added', 'scope added', 'permission added', 'personal-data added', 'need added',
  ])
  expect(sentences(SECOND, FIRST, 'fr')['Droits des personnes']).toEqual(['Le droit « Réserver un repas » disparaît.', 'Le droit « Composer les menus » disparaît.'])
  expect([asksForMore(FIRST, SECOND), asksForMore(FIRST, FIRST), asksForMore(FIRST, { ...FIRST, scopes: ['db'] })]).toEqual([true, false, false])
})
