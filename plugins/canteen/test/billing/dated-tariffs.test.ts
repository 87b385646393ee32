import { expect, test } from 'vitest'
import { publishCampaign, validateCampaign } from '../../src/billing/campaign/campaigns.ts'
import { tellSlice } from '../../src/billing/campaign/tell-slice.ts'
import { standInTown } from '../families-stand-in.ts'
import { book, draft, openRegie, run, startBilling } from './billing-kit.ts'
import { plain } from '../plain.ts'

const HOME = '/apps/cantine/gestion/facturation/tarifs'
const page = { headers: { accept: 'text/html' } }
const HEADER = 'Unité;Tarif;Régie;Du;Au;Tranche;QF de;QF à;Prix;Prix hors commune;Compte;Garde'
const FORM = {
  tariffName: 'Repas 2027', regieNumber: '1', validFrom: '2027-01-01', priceKind: 'fixed', tiers: 'Tarif unique ; 0 ; ; 4,00', stepMinutes: '15', graceMinutes: '0', otherMore: '0', siblingsCounted: 'registered',
  latePenalty: 'none', unbookedPenalty: 'none', justifiedPercent: '0', unjustifiedPercent: '100',
}

test('what a validated campaign was billed by stays: it is replaced from a day on, or ended; imports tell every line; a family’s price explains itself; payers are told once by mail', async () => {
  const town = standInTown()
  town.quotients.set('petit', { value: 0, month: '2026-01', source: 'CNAF' })
  for (let index = 0; index < 120; index += 1) town.addHousehold()
  await using platform = await startBilling(town)
  const regisseur = await platform.as('agent.regie')
  await openRegie(regisseur)
  await book(regisseur, town.households.map(({ id, children }) => [id, children[0]?.id ?? '', '2026-10-01'] as const))
  const id = await draft(regisseur, '10', () => platform.settle())
  await run(regisseur, async (c) => (await validateCampaign(c, id)) ?? null)

  // Publication is told to each payer, once, in steps.
  await run(regisseur, (c) => publishCampaign(c, id))
  await platform.settle()
  const told = platform.mails.filter(({ subject }) => subject.startsWith('Votre facture'))
  expect([told.length, new Set(told.map(({ to }) => to)).size]).toEqual([122, 122])
  expect(plain(told[0]?.text ?? '')).toMatch(/3,50 €[\s\S]*Référence de paiement : \d{13}[\s\S]*\/apps\/cantine\/factures\//)
  expect([...told].some(({ text }) => /Jade|Lina/.test(text))).toBe(false)
  expect(await run(regisseur, (c) => tellSlice(c, id))).toBe(0)

  // Its tariff is not edited any more, but replaced and ended.
  expect(plain((await regisseur.get(`${HOME}/tarif`, page)).text)).toContain('Ses prix ne changent plus')
  const edited = await regisseur.submit(`${HOME}/tarif/modifier`, { ...FORM, validFrom: '2026-01-01' })
  expect([edited.status, edited.text.includes('Des factures validées reposent sur ce tarif')]).toEqual([422, true])
  expect((await regisseur.submit(`${HOME}/tarif/remplacer`, { ...FORM, validFrom: '2026-10-15' })).status).toBe(422)
  expect((await regisseur.submit(`${HOME}/tarif/remplacer`, FORM)).status).toBe(303)
  const days = () => run(regisseur, (c) => c.db.selectFrom('tariff').select(['name', 'first_day', 'last_day']).orderBy('first_day').orderBy('name').execute())
  expect(await days()).toEqual([{ name: 'Repas 2026', first_day: '2026-01-01', last_day: '2026-12-31' }, { name: 'Repas 2027', first_day: '2027-01-01', last_day: null }])
  expect((await regisseur.submit(`${HOME}/tarif/cloturer`, { lastDay: '2026-10-15' })).text).toContain('Des jours facturés suivent cette date')
  expect((await regisseur.submit(`${HOME}/tarif/cloturer`, { lastDay: '2026-11-30' })).status).toBe(303)

  // Imports.
  const bring = async (whenFaulty: 'nothing' | 'good', ...lines: readonly string[]): Promise<string> => {
    const answer = await regisseur.submit(`${HOME}/importer`, { whenFaulty, file: new File([[HEADER, ...lines].join('\r\n')], 'tarifs.csv', { type: 'text/csv' }) })
    expect([answer.status, answer.text.slice(0, 300)]).toEqual([303, ''])
    return plain((await regisseur.get((answer.headers['location'] ?? '').split('?')[0] ?? '', page)).text)
  }
  const good = 'Repas;Décembre;1;01/12/2026;31/12/2026;Unique;0;;3,80;;;non'
  const faulty = 'Repas;Faux;1;29/02/2027;;Unique;0;;-1;;;non'
  const nothing = await bring('nothing', good, faulty)
  expect(['Aucun tarif importé, une ligne fautive', '2 anomalies', '« 29/02/2027 » n’est pas une date', 'un prix n’est jamais négatif'].filter((text) => !nothing.includes(text))).toEqual([])
  expect(await bring('good', good, faulty)).toContain('Un tarif importé, une ligne fautive')
  expect((await days()).map(({ name }) => name)).toEqual(['Repas 2026', 'Décembre', 'Repas 2027'])
  expect((await regisseur.get(`${HOME}/export.csv`)).text).toContain('Repas;Décembre;1;2026-12-01;2026-12-31;Unique;0;;3,80;3,80;;non')

  // A family's price.
  expect((await regisseur.get(`${HOME}/famille?q=jade`, page)).text).toContain('/famille/petit-1')
  const price = plain((await regisseur.get(`${HOME}/famille/petit-1?jour=01/12/2026`, page)).text)
  expect(['3,80 €', 'Claire Petit (100 %)', 'Restaurant scolaire, Repas'].filter((text) => !price.includes(text))).toEqual([])
  expect((await regisseur.get(`${HOME}/famille/petit-1?jour=29/02/2027`, page)).text).toContain('Ce jour n’existe pas')
  expect((await regisseur.get(`${HOME}/famille/personne`, page)).status).toBe(404)
})
