import { expect, test } from 'vitest'
import { standInTown } from '../families-stand-in.ts'
import { book, openRegie, run, startBilling } from './billing-kit.ts'
import { plain } from '../plain.ts'

const APP = '/apps/cantine'
const HOME = `${APP}/gestion/facturation`
const page = { headers: { accept: 'text/html' } }
const identity = { creditor: 'Régie', ics: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189', siret: '21170028100010', idPost: '017028', codCol: '244', codProdLoc: 'CANT' }

test('the régisseur prices, drafts, validates, publishes, collects; the family reads why and has the PDF', async () => {
  const town = standInTown()
  await using platform = await startBilling(town)
  const regisseur = await platform.as('agent.regie')
  const parent = await platform.as('citizen')
  town.link('petit', platform.tenant().accountOf(parent))
  for (const household of town.households) household.guardians = household.guardians.map((guardian) => ({ ...guardian, address: '1 rue de l’Église', postcode: '17440', town: 'Aytré' }))
  await openRegie(regisseur, undefined, identity)
  await book(regisseur, [['petit', 'petit-1', '2026-10-01'], ['moreau', 'moreau-1', '2026-10-01']])
  const form = { campaignName: 'Octobre', periodFrom: '2026-10-01', periodTo: '2026-10-31', dueDay: '2099-12-15' }
  expect((await regisseur.submit(`${HOME}/regies/regie/campagnes/ajouter`, { ...form, periodTo: '2026-09-30' })).status).toBe(422)
  const begun = await regisseur.submit(`${HOME}/regies/regie/campagnes/ajouter`, form)
  expect(begun.status).toBe(303)
  await platform.settle()
  const campaign = (begun.headers['location'] ?? '').split('?')[0] ?? ''
  const shown = await regisseur.get(campaign, page)
  expect([shown.status, shown.text.includes('2 factures')]).toEqual([200, true])
  expect((await parent.get(`${APP}/factures`, page)).text).toContain('Aucune facture')
  expect((await regisseur.submit(`${campaign}/valider`, {}, campaign)).status).toBe(303)
  expect((await regisseur.submit(`${campaign}/publier`, {}, campaign)).status).toBe(303)
  const pes = await regisseur.submit(`${campaign}/pes`, {}, campaign)
  expect(pes.status).toBe(303)
  expect((await regisseur.get(`${campaign}/pes.xml`)).text).toContain('<TypBord V="06"/>')
  expect([(await regisseur.get(HOME, page)).status, (await regisseur.get(`${HOME}/impayes`, page)).status, (await regisseur.get(`${HOME}/mandats`, page)).status, (await regisseur.get(`${HOME}/tarifs`, page)).status, (await regisseur.get(`${HOME}/tarifs/tarif?q=900`, page)).status]).toEqual([200, 200, 200, 200, 200])

  const own = await parent.get(`${APP}/factures`, page)
  // What comes over the border has its spaces written as entities.
  expect(plain(own.text)).toContain('3,50 € à payer')
  const invoice = /\/factures\/([0-9a-f-]{36})/.exec(own.text)?.[1] ?? ''
  expect((await parent.get(`${APP}/factures/${invoice}`, page)).status).toBe(200)
  expect((await parent.get(`${APP}/factures/${invoice}/facture.pdf`)).bytes.subarray(0, 5).toString()).toBe('%PDF-')
  expect((await parent.get(`${APP}/attestations/2026.pdf`)).bytes.subarray(0, 5).toString()).toBe('%PDF-')
  const stranger = await platform.as('citizen', 'Autre')
  expect([(await stranger.get(`${APP}/factures/${invoice}`, page)).status, (await stranger.get(`${APP}/factures/${invoice}/facture.pdf`)).status, (await parent.get(HOME, page)).status]).toEqual([404, 404, 403])

  const agent = `${HOME}/factures/${invoice}`
  expect((await regisseur.get(agent, page)).status).toBe(200)
  expect((await regisseur.submit(`${agent}/mandat`, { rum: 'RUM-1', holder: 'Claire Petit', iban: 'FR76', signedOn: '2020-01-01', mandateKind: 'RCUR' })).status).toBe(422)
  expect((await regisseur.submit(`${agent}/mandat`, { rum: 'RUM-1', holder: 'Claire Petit', iban: identity.iban, signedOn: '2020-01-01', mandateKind: 'RCUR' })).status).toBe(303)
  const collected = await regisseur.submit(`${campaign}/prelever`, { debitDay: '2099-01-05' })
  expect(collected.status).toBe(303)
  const collection = (collected.headers['location'] ?? '').split('?')[0] ?? ''
  expect((await regisseur.get(collection, page)).text).toContain('RUM-1')
  expect((await regisseur.get(`${collection}/pain.xml`)).text).toContain('<SeqTp>FRST</SeqTp>')
  expect((await parent.get(`${APP}/factures`, page)).text).toContain('Toutes vos factures sont réglées')
  expect(plain((await regisseur.get(`${HOME}/prelevements`, page)).text)).toContain('5 janvier 2099')
  expect((await regisseur.submit(`${campaign}/prelever`, { debitDay: '2099-01-05' })).status).toBe(422)
  expect(await run(regisseur, async (c) => (await c.db.selectFrom('mandate').select('iban').executeTakeFirstOrThrow()).iban.includes('30006'))).toBe(false)
  for (const file of ['factures.csv', 'paiements.csv', 'caf.csv?annee=2026']) expect((await regisseur.get(`${HOME}/export/${file}`)).status).toBe(200)
})

test('a tariff is refused with every fault named, stored when it has none, and read back as it was typed', async () => {
  await using platform = await startBilling(standInTown())
  const regisseur = await platform.as('agent.regie')
  await openRegie(regisseur)
  const path = `${HOME}/tarifs/tarif/modifier`
  const form = {
    tariffName: 'Repas', regieNumber: '1', validFrom: '2026-01-01', priceKind: 'fixed', tiers: 'Tranche 1 ; 0 ; 400 ; 1,00 ; 6,50\nTranche 2 ; 401 ; ; 3,42', stepMinutes: '15', graceMinutes: '0', otherMore: '0', siblings: '0 ; 10', siblingsCounted: 'registered',
    latePenalty: 'percent', lateValue: '50', unbookedPenalty: 'instead', unbookedValue: '10', justifiedPercent: '0', unjustifiedPercent: '100',
  }
  const faulty = async (tiers: string) => (await regisseur.submit(path, { ...form, tiers })).text
  expect(await faulty('A ; 0 ; 400 ; 1\nB ; 402 ; ; 2')).toContain('n’ont pas de tranche')
  expect(await faulty('A ; 0 ; 400 ; 1\nB ; 400 ; ; 2')).toContain('se chevauchent')
  expect(await faulty('A ; 0 ; 400 ; -1\nB ; 401 ; ; x')).toContain('ligne 1, 2')
  expect((await regisseur.submit(path, form)).status).toBe(303)
  const again = (await regisseur.get(path, page)).text
  expect(['Tranche 1 ; 0 ; 400 ; 1,00 ; 6,50', 'Tranche 2 ; 401 ;  ; 3,42 ; 3,42', 'value="50,00"'].filter((text) => !again.includes(text))).toEqual([])
  expect(plain((await regisseur.get(`${HOME}/tarifs/tarif?q=500`, page)).text)).toContain('3,08 €')
})
