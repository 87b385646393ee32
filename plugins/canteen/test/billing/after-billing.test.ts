import { expect, test } from 'vitest'
import { childcarePaid } from '../../src/payments/pdf/certificate-pdf.ts'
import { announceDebits } from '../../src/billing/campaign/announce-debits.ts'
import { publishCampaign, validateCampaign } from '../../src/billing/campaign/campaigns.ts'
import { howToPay } from '../../src/billing/store/how-to-pay.ts'
import { enterPayment, reversePayment } from '../../src/billing/store/ledger.ts'
import { privacy } from '../../src/privacy.ts'
import { standInTown } from '../families-stand-in.ts'
import { book, draft, onePrice, openRegie, run, startBilling } from './billing-kit.ts'
import { plain } from '../plain.ts'

const HOME = '/apps/cantine/gestion/facturation'
const DAY = 86_400_000

/** A published campaign of October for Petit (one child of six) and Moreau, whose accounts are linked. */
async function published(childcare = false) {
  const town = standInTown()
  const platform = await startBilling(town)
  const regisseur = await platform.as('agent.regie')
  const parent = await platform.as('citizen')
  const account = platform.tenant().accountOf(parent)
  town.link('petit', account)
  await openRegie(regisseur, onePrice(350), {}, childcare)
  return { platform, town, regisseur, parent, account, billed: async () => {
    await book(regisseur, [['petit', 'petit-1', '2026-10-01'], ['petit', 'petit-1', '2026-10-02'], ['moreau', 'moreau-1', '2026-10-01']])
    const id = await draft(regisseur, '10', () => platform.settle())
    await run(regisseur, async (c) => (await validateCampaign(c, id)) ?? null)
    await run(regisseur, (c) => publishCampaign(c, id))
    await platform.settle()
    return run(regisseur, async (c) => (await c.db.selectFrom('invoice').select('id').where('household_id', '=', 'petit').executeTakeFirstOrThrow()).id)
  }, [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() }
}

test('three reminders, the first once the day is past and each fifteen days after the one before; none of what is paid', async () => {
  await using t = await published()
  const invoice = await t.billed()
  // Sessions do not last for weeks.
  const remind = async () => (await (await t.platform.as('agent.regie')).submit(`${HOME}/factures/${invoice}/relancer`, {}, `${HOME}/impayes`)).status
  await run(t.regisseur, (c) => c.db.updateTable('invoice').set({ due_on: c.today() }).execute().then(() => null))
  expect(await remind()).toBe(404)
  const sent: number[] = []
  for (const days of [1, 15, 1, 15, 1, 40]) {
    await t.platform.advance(days * DAY)
    await remind()
    sent.push(await run(t.platform.tenant().visitor, async (c) => (await c.db.selectFrom('reminder').select('step').execute()).length))
  }
  // A day too early, and a fourth one: nothing.
  expect(sent).toEqual([1, 1, 2, 2, 3, 3])
  await t.platform.settle()
  expect([await run(t.platform.tenant().visitor, (c) => c.db.selectFrom('reminder').select('step').orderBy('step').execute()), t.platform.mails.filter(({ subject }) => subject.startsWith('Relance')).length]).toEqual([[{ step: 1 }, { step: 2 }, { step: 3 }], 3])
  await run(t.platform.tenant().visitor, (c) => c.transaction((tx) => enterPayment(c, tx, { regieId: 'regie', guardianId: 'petit-parent', householdId: 'petit', cents: 700, method: 'cash', receivedOn: c.today(), note: '' })))
  expect(await remind()).toBe(404)
})

test('the certificate names what was paid for the care of a child under six on 1 January, in the year of the payment, and nothing of meals or of what bounced', async () => {
  await using t = await published(true)
  const child = t.town.households.find(({ id }) => id === 'petit')
  const born = (birthDay: string): void => { if (child !== undefined) child.children = child.children.map((each) => ({ ...each, birthDay })) }
  born('2020-01-02')
  await t.billed()
  const paid = (year: string) => run(t.regisseur, async (c) => (await childcarePaid(c.db, t.account, year)).map(({ cents }) => cents))
  expect(await paid('2026')).toEqual([])
  const pay = (cents: number) => run(t.regisseur, (c) => c.transaction((tx) => enterPayment(c, tx, { regieId: 'regie', guardianId: 'petit-parent', householdId: 'petit', cents, method: 'cheque', receivedOn: '2026-12-01', note: '' })))
  const cheque = await pay(300)
  expect([await paid('2026'), await paid('2025')]).toEqual([[300], []])
  await run(t.regisseur, (c) => reversePayment(c, cheque))
  expect(await paid('2026')).toEqual([])
  await pay(700)
  expect(await paid('2026')).toEqual([700])
  // Six on 1 January: too old; and a meal is no care.
  await run(t.regisseur, (c) => c.db.updateTable('invoice_line').set({ birth_day: '2020-01-01' }).execute().then(() => null))
  expect(await paid('2026')).toEqual([])
  await run(t.regisseur, (c) => c.db.updateTable('invoice_line').set({ birth_day: '2022-01-01', childcare: 0 }).execute().then(() => null))
  expect(await paid('2026')).toEqual([])
})

test('files for spreadsheets run nothing; statistics count acts, children and hours; only who may read billing has them', async () => {
  await using t = await published()
  const petit = t.town.households.find(({ id }) => id === 'petit')
  if (petit !== undefined) petit.guardians = petit.guardians.map((guardian) => ({ ...guardian, firstName: '=HYPERLINK("http://evil")', lastName: '@SUM(A1)' }))
  await t.billed()
  const invoices = (await t.regisseur.get(`${HOME}/export/factures.csv`)).text
  expect(invoices).toContain('\'=HYPERLINK')
  expect(invoices).toContain(';7,00;7,00')
  await run(t.regisseur, (c) => c.transaction((tx) => enterPayment(c, tx, { regieId: 'regie', guardianId: 'petit-parent', householdId: 'petit', cents: 100, method: 'cash', receivedOn: '2026-11-01', note: '+1+1' })))
  expect((await t.regisseur.get(`${HOME}/export/paiements.csv`)).text).toContain('\'+1+1')
  // Three meals of an hour and a half, of two children.
  expect((await t.regisseur.get(`${HOME}/export/caf.csv?annee=2026`)).text).toContain('Restaurant scolaire;Repas;;3;2;4,50;10,50')
  expect((await t.regisseur.get(`${HOME}/export/caf.csv?annee=2025`)).text.trim().split('\r\n')).toHaveLength(1)
  // By age and régime, from who came.
  t.town.quotients.set('petit', { value: 500, month: '2026-01', source: 'MSA' })
  const page = (await t.regisseur.get(`${HOME}/caf?annee=2026`, { headers: { accept: 'text/html' } })).text
  expect(['Statistiques pour la CAF', 'agricole (MSA)', '6 à 11 ans', 'Heures réalisées'].filter((text) => !page.includes(text))).toEqual([])
  expect((await t.regisseur.get(`${HOME}/export/caf-ages.csv?annee=2026&trimestre=4`)).text.trim().split('\r\n').slice(1)).toEqual(['Restaurant scolaire;6 à 11 ans;agricole (MSA);1;2;3,00;2;3,00', 'Restaurant scolaire;6 à 11 ans;non renseigné;1;1;1,50;1;1,50'])
  expect((await t.regisseur.get(`${HOME}/export/caf-ages.csv?annee=2026&trimestre=3`)).text.trim().split('\r\n')).toHaveLength(1)
  expect([(await t.parent.get(`${HOME}/caf`)).status, (await t.regisseur.get(`${HOME}/caf?annee=1`)).status]).toEqual([403, 400])
  expect((await t.parent.get(`${HOME}/export/factures.csv`)).status).toBe(403)
})

test('a person has all of the own invoices, and is forgotten but for what the law keeps for ten years, which then goes', async () => {
  await using t = await published()
  await t.billed()
  const subject = { id: t.account } as never
  const exported = await run(t.regisseur, async (c) => (await privacy.export(c, subject)).data as unknown as { invoices: { cents: number }[]; invoiceLines: unknown[] })
  expect([exported.invoices.map(({ cents }) => cents), exported.invoiceLines.length]).toEqual([[700], 2])
  const erased = await run(t.regisseur, async (c) => privacy.erase(c, subject) as never as Promise<{ erased: number; kept: { because: { fr: string } }[] }>)
  expect([erased.erased, erased.kept[0]?.because.fr]).toEqual([1, 'Les pièces comptables d’une régie se conservent dix ans.'])
  const left = () => run(t.regisseur, (c) => c.db.selectFrom('invoice').select(['account_id', 'cents']).orderBy('cents').execute())
  expect(await left()).toEqual([{ account_id: null, cents: 350 }, { account_id: null, cents: 700 }])
  const expire = (before: string) => run(t.regisseur, async (c) => privacy.expire(c, { table: 'invoice', before: new Date(before) } as never) as never as Promise<{ expired: number }>)
  const issued = await run(t.regisseur, async (c) => c.today())
  expect([(await expire(issued)).expired, (await expire('2099-01-01')).expired, await left()]).toEqual([0, 2, []])
  expect(await run(t.regisseur, (c) => c.db.selectFrom('invoice_line').select('id').execute())).toEqual([])
})

test('a payer is told what is true: how to pay, or that a mandate will be used; and who is debited is told the day, the amount and the mandate, once', async () => {
  const town = standInTown()
  await using platform = await startBilling(town)
  const regisseur = await platform.as('agent.regie')
  await openRegie(regisseur, onePrice(350), { creditor: 'Régie des écoles', ics: 'FR72ZZZ123456', iban: 'FR7630006000011234567890189', payfip: '012345' })
  await book(regisseur, [['petit', 'petit-1', '2026-10-01'], ['moreau', 'moreau-1', '2026-10-01'], ['moreau', 'moreau-1', '2026-10-02']])
  const mandate = (household: string, rum: string) => run(regisseur, async (c) => {
    const iban = await c.secrets.seal('FR7630006000011234567890189')
    await c.db.insertInto('mandate').values({ id: rum, guardian_id: `${household}-parent`, account_id: null, rum, holder: household, iban, last_four: '0189', signed_on: '2026-09-01', kind: 'RCUR', uses: 0, active: 1 }).execute()
    return null
  })
  await mandate('moreau', 'RUM-MOREAU')
  const id = await draft(regisseur, '10', () => platform.settle())
  await run(regisseur, async (c) => (await validateCampaign(c, id)) ?? null)
  await run(regisseur, (c) => publishCampaign(c, id))
  await platform.settle()
  const mails = (household: string): readonly string[] => platform.mails.filter(({ to }) => to.includes(`${household}@example.fr`)).map(({ subject, text }) => plain(`${subject}\n${text ?? ''}`))
  expect(mails('petit')).toEqual([expect.stringMatching(/^Votre facture F01-[\s\S]*Il reste 3,50 € à régler avant le 15 décembre 2026\.\nRéférence de paiement : \d{13}\.\nSur PayFiP, indiquez l’identifiant de collectivité 012345/)])
  expect(mails('moreau')).toEqual([expect.stringMatching(/7,00 € seront prélevés sur votre compte \(mandat RUM-MOREAU\)\. Le jour vous sera annoncé\./)])
  expect([...mails('petit'), ...mails('moreau')].filter((text) => text.includes('sauf prélèvement'))).toEqual([])

  const debitDay = '2026-12-20'
  expect((await regisseur.submit(`${HOME}/campagnes/${id}/prelever`, { debitDay })).status).toBe(303)
  await platform.settle()
  expect(mails('moreau').slice(1)).toEqual([expect.stringMatching(/^Prélèvement du 20 décembre 2026\n[\s\S]*Le 20 décembre 2026, 7,00 € seront prélevés sur votre compte pour la facture F01-[\s\S]*Mandat : RUM-MOREAU\. Créancier : Régie des écoles \(FR72ZZZ123456\)/)])
  expect(mails('petit')).toHaveLength(1)
  const collection = await run(regisseur, async (c) => (await c.db.selectFrom('collection').select('id').executeTakeFirstOrThrow()).id)
  expect(await run(regisseur, (c) => announceDebits(c, collection))).toBe(0)

  // Refused by the bank: it is to be paid, by the mandate again, as the page says.
  const hows = () => run(regisseur, async (c) => [...(await howToPay(c.db, await c.db.selectFrom('invoice').select(['id', 'cents', 'guardian_id']).orderBy('cents').execute(), c.today())).values()])
  expect(await hows()).toEqual([{ kind: 'due', cents: 350 }, { kind: 'debited', cents: 700, day: debitDay, rum: 'RUM-MOREAU' }])
  await run(regisseur, async (c) => reversePayment(c, (await c.db.selectFrom('payment').select('id').executeTakeFirstOrThrow()).id))
  expect(await hows()).toEqual([{ kind: 'due', cents: 350 }, { kind: 'mandate', cents: 700, rum: 'RUM-MOREAU' }])
})

test('what is overdue is found behind years of settled invoices, page by page, the oldest first', async () => {
  await using t = await published()
  await t.billed()
  await run(t.regisseur, async (c) => {
    const { id: _id, ...invoice } = await c.db.selectFrom('invoice').selectAll().where('household_id', '=', 'petit').executeTakeFirstOrThrow()
    const past = Array.from({ length: 400 }, (_, index) => ({ ...invoice, id: `old-${index}`, number: 1_000 + index, payer_name: `Payeur ${index}`, due_on: '2020-01-01', cents: 100 }))
    for (let start = 0; start < past.length; start += 40) await c.db.insertInto('invoice').values(past.slice(start, start + 40)).execute()
    const settled = past.slice(0, 340).map(({ id }) => ({ id: `s-${id}`, source_id: 'x', target_id: id, cents: 100, settled_on: '2020-01-02' }))
    for (let start = 0; start < settled.length; start += 100) await c.db.insertInto('settlement').values(settled.slice(start, start + 100)).execute()
    // In part only: the rest is due.
    await c.db.insertInto('settlement').values({ id: 'part', source_id: 'x', target_id: 'old-340', cents: 99, settled_on: '2020-01-02' }).execute()
    return null
  })
  const page = async (number: number): Promise<string> => plain((await t.regisseur.get(`${HOME}/impayes?page=${number}`, { headers: { accept: 'text/html' } })).text)
  const [first, second, past] = [await page(1), await page(2), await page(99)]
  expect([first.includes('60 factures en retard'), first.includes('Payeur 340<'), first.includes('0,01 €'), first.includes('Payeur 339<'), first.includes('Payeur 399<'), second.includes('Payeur 399<'), past.includes('Payeur 399<')]).toEqual([true, true, true, false, false, true, true])
})
