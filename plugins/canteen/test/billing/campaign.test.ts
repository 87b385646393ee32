import { expect, test } from 'vitest'
import { publishCampaign, redraft, validateCampaign } from '../../src/billing/campaign/campaigns.ts'
import { invoiceNumber, paymentReference } from '../../src/billing/invoice-number.ts'
import { creditInvoice } from '../../src/billing/store/credit-notes.ts'
import { accountOf, enterPayment, refund, reversePayment } from '../../src/billing/store/ledger.ts'
import { standInTown } from '../families-stand-in.ts'
import { town as tiers } from '../tariffs/tariffs-of-communes.ts'
import { book, draft, onePrice, openRegie, run, startBilling } from './billing-kit.ts'

async function start(town = standInTown()) {
  const platform = await startBilling(town)
  const regisseur = await platform.as('agent.regie')
  const documents = (campaign?: string) => run(regisseur, async (c) => {
    let rows = c.db.selectFrom('invoice').select(['id', 'kind', 'number', 'guardian_id', 'cents', 'campaign_id']).orderBy('kind').orderBy('number').orderBy('position')
    if (campaign !== undefined) rows = rows.where('campaign_id', '=', campaign)
    return rows.execute()
  })
  return { platform, town, regisseur, documents, settle: () => platform.settle(), [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose]() }
}

test('a campaign is drafted by itself, validated once, published: each payer has one invoice with a number', async () => {
  await using t = await start()
  await openRegie(t.regisseur)
  await book(t.regisseur, [['moreau', 'moreau-1', '2026-10-01'], ['moreau', 'moreau-2', '2026-10-01'], ['petit', 'petit-1', '2026-10-02'], ['petit', 'petit-1', '2026-10-05', 'waiting']])
  const id = await draft(t.regisseur, '10', t.settle)
  expect((await t.documents(id)).map(({ guardian_id: payer, cents, number }) => [payer, cents, number])).toEqual([['moreau-parent', 700, null], ['petit-parent', 350, null]])
  expect(await run(t.regisseur, async (c) => (await validateCampaign(c, id)) ?? 'validated')).toBe('validated')
  expect(await run(t.regisseur, async (c) => (await validateCampaign(c, id)) ?? 'validated')).toBe('not-draft')
  expect((await t.documents(id)).map(({ number }) => number)).toEqual([1, 2])
  expect([await run(t.regisseur, (c) => publishCampaign(c, id)), await run(t.regisseur, (c) => publishCampaign(c, id)), await run(t.regisseur, (c) => redraft(c, id))]).toEqual([true, false, false])
})

test('parents with shares have each their part, to the cent, at the address where each lives', async () => {
  const town = standInTown()
  const [moreau] = town.households
  if (moreau !== undefined) moreau.guardians = [...moreau.guardians.map((each) => ({ ...each, address: '3 rue Pasteur', postcode: '17440', town: 'Aytré' })), { id: 'moreau-pere', firstName: 'Paul', lastName: 'Moreau', address: '8 rue du Palais', postcode: '17000', town: 'La Rochelle' }]
  town.payers.set('moreau-1', () => [{ guardianId: 'moreau-parent', share: 3_333 }, { guardianId: 'moreau-pere', share: 6_667 }])
  await using t = await start(town)
  await openRegie(t.regisseur, onePrice(101))
  await book(t.regisseur, [['moreau', 'moreau-1', '2026-10-01']])
  const id = await draft(t.regisseur, '10', t.settle)
  expect((await t.documents(id)).map(({ guardian_id: payer, cents }) => [payer, cents])).toEqual([['moreau-parent', 34], ['moreau-pere', 67]])
  expect(await run(t.regisseur, (c) => c.db.selectFrom('invoice').select(['guardian_id', 'payer_address', 'payer_postcode', 'payer_town']).orderBy('guardian_id').execute())).toEqual([
    { guardian_id: 'moreau-parent', payer_address: '3 rue Pasteur', payer_postcode: '17440', payer_town: 'Aytré' }, { guardian_id: 'moreau-pere', payer_address: '8 rue du Palais', payer_postcode: '17000', payer_town: 'La Rochelle' },
  ])
})

test('what changes after validation is in the next campaign: more, less, and what is booked no more; a credit note settles what is due', async () => {
  await using t = await start()
  await openRegie(t.regisseur)
  await book(t.regisseur, [['moreau', 'moreau-1', '2026-10-01'], ['moreau', 'moreau-1', '2026-10-02'], ['petit', 'petit-1', '2026-10-01'], ['petit', 'petit-1', '2026-11-03']])
  const october = await draft(t.regisseur, '10', t.settle)
  await run(t.regisseur, (c) => validateCampaign(c, october))
  await run(t.regisseur, async (c) => {
    await c.db.deleteFrom('booking').where('id', '=', 'moreau-1 2026-10-01').execute()
    await c.db.updateTable('booking').set({ state: 'absent-justified' }).where('id', '=', 'petit-1 2026-10-01').execute()
  })
  await book(t.regisseur, [['petit', 'petit-1', '2026-10-12']])
  const november = await draft(t.regisseur, '11', t.settle)
  expect((await t.documents(november)).map(({ kind, guardian_id: payer, cents }) => [kind, payer, cents])).toEqual([['credit', 'moreau-parent', -350], ['invoice', 'petit-parent', 350]])
  await run(t.regisseur, (c) => validateCampaign(c, november))
  const due = await run(t.regisseur, async (c) => (await accountOf(c.db, 'regie', 'moreau-parent')).due)
  expect(due.map(({ cents }) => cents)).toEqual([350])
  // Nothing is left to correct.
  await run(t.regisseur, (c) => c.db.updateTable('booking').set({ day: '2026-12-01' }).where('id', '=', 'nobody').execute().then(() => null))
  expect(await t.documents(await draft(t.regisseur, '12', t.settle))).toEqual([])
})

test('a draft that another campaign of the régie overtook is made again before it is validated', async () => {
  await using t = await start()
  await openRegie(t.regisseur)
  await book(t.regisseur, [['petit', 'petit-1', '2026-10-01']])
  const [first, second] = [await draft(t.regisseur, '10', t.settle), await draft(t.regisseur, '10', t.settle)]
  await run(t.regisseur, (c) => validateCampaign(c, first))
  expect(await run(t.regisseur, (c) => validateCampaign(c, second))).toBe('stale')
  await run(t.regisseur, (c) => redraft(c, second))
  await t.settle()
  expect(await t.documents(second)).toEqual([])
})

test('a unit without a tariff stands in the way; without a quotient the highest tier is billed and told', async () => {
  await using t = await start()
  t.town.quotients.set('petit', { value: 0, month: '2026-01', source: 'CNAF' })
  await openRegie(t.regisseur, tiers)
  await book(t.regisseur, [['petit', 'petit-1', '2026-10-01'], ['moreau', 'moreau-1', '2026-10-01'], ['moreau', 'moreau-2', '2026-10-01']])
  await run(t.regisseur, (c) => c.db.insertInto('enrolment').values(['moreau-1', 'moreau-2'].map((child) => ({ id: child, child_id: child, household_id: 'moreau', activity_id: 'cantine', first_day: '2026-09-01', last_day: '2027-07-01', state: 'active' as const, decided_at: null, created_at: '2026-01-01T00:00:00Z' }))).execute().then(() => null))
  const id = await draft(t.regisseur, '10', t.settle)
  // 5,20 € and for the second child a tenth less; a quotient of 0 is in the first tier.
  expect((await t.documents(id)).map(({ cents }) => cents)).toEqual([520 + 468, 100])
  const alerts = (campaign: string) => run(t.regisseur, (c) => c.db.selectFrom('campaign_alert').select(['kind', 'name']).where('campaign_id', '=', campaign).execute())
  expect(await alerts(id)).toEqual([{ kind: 'no-quotient', name: 'Moreau' }])
  await run(t.regisseur, (c) => c.db.updateTable('tariff').set({ last_day: '2026-09-30' }).execute().then(() => null))
  await run(t.regisseur, (c) => redraft(c, id))
  await t.settle()
  expect((await alerts(id)).map(({ kind }) => kind)).toEqual(['no-tariff', 'no-tariff'])
  expect(await run(t.regisseur, (c) => validateCampaign(c, id))).toBe('alerts')
})

test('payments settle the oldest, what is too much waits or goes back, a bounced cheque is due again; credit notes are numbered', async () => {
  await using t = await start()
  await openRegie(t.regisseur)
  await book(t.regisseur, [['petit', 'petit-1', '2026-10-01'], ['petit', 'petit-1', '2026-11-03']])
  for (const month of ['10', '11']) {
    const id = await draft(t.regisseur, month, t.settle)
    await run(t.regisseur, (c) => validateCampaign(c, id))
  }
  const [first] = await t.documents()
  const account = () => run(t.regisseur, async (c) => {
    const { due, available } = await accountOf(c.db, 'regie', 'petit-parent')
    return [due.map(({ cents }) => cents), available.map(({ cents }) => cents)]
  })
  const pay = (cents: number) => run(t.regisseur, (c) => c.transaction((tx) => enterPayment(c, tx, { regieId: 'regie', guardianId: 'petit-parent', householdId: 'petit', cents, method: 'cheque', receivedOn: '2026-12-01', note: '' })))
  const cheque = await pay(500)
  expect(await account()).toEqual([[200], []])
  await run(t.regisseur, (c) => reversePayment(c, cheque))
  expect(await account()).toEqual([[350, 350], []])
  expect(await run(t.regisseur, async (c) => (await creditInvoice(c, first?.id ?? '', 351, 'Erreur')) ?? 'made')).toBe('too-much')
  expect(await run(t.regisseur, async (c) => (await creditInvoice(c, first?.id ?? '', 100, 'Geste')) ?? 'made')).toBe('made')
  expect(await run(t.regisseur, async (c) => (await creditInvoice(c, first?.id ?? '', undefined, 'Erreur')) ?? 'made')).toBe('made')
  expect(await account()).toEqual([[350], []])
  await pay(400)
  expect(await account()).toEqual([[], [50]])
  const back = (cents: number) => run(t.regisseur, async (c) => (await c.transaction((tx) => refund(c, tx, { regieId: 'regie', guardianId: 'petit-parent', householdId: 'petit', cents, method: 'transfer', receivedOn: '2026-12-02', note: '' }))) !== undefined)
  expect([await back(51), await back(50), await account()]).toEqual([false, true, [[], []]])
  expect((await t.documents()).map(({ kind, number }) => [kind, number])).toEqual([['credit', 1], ['credit', 2], ['invoice', 1], ['invoice', 2]])
})

test('campaigns that are validated at once have numbers without a gap, and no number twice', async () => {
  const town = standInTown()
  for (let i = 0; i < 20; i += 1) town.addHousehold()
  await using t = await start(town)
  await openRegie(t.regisseur)
  const months = ['09', '10', '11']
  await book(t.regisseur, town.households.flatMap(({ id, children }) => months.map((month) => [id, children[0]?.id ?? '', `2026-${month}-01`] as const)))
  const ids: string[] = []
  for (const month of months) ids.push(await draft(t.regisseur, month, t.settle))
  // Of those who go at once one is first; the others draft again, until all have their numbers.
  for (let left = ids; left.length > 0;) {
    const answers = await Promise.all(left.flatMap((id) => [id, id]).map((id) => run(t.regisseur, async (c) => [id, (await validateCampaign(c, id)) ?? 'validated'] as const)))
    const validated = answers.filter(([, answer]) => answer === 'validated').map(([id]) => id)
    expect(validated.length).toBe(1)
    left = left.filter((id) => !validated.includes(id))
    for (const id of left) await run(t.regisseur, (c) => redraft(c, id))
    await t.settle()
  }
  expect((await t.documents()).map(({ number }) => number)).toEqual(Array.from({ length: 66 }, (_, index) => index + 1))
})

test('a power cut in the middle of a draft goes on where it was; a validation that was cut short is none', async () => {
  const town = standInTown()
  for (let i = 0; i < 450; i += 1) town.addHousehold({ id: `foyer-${String(i).padStart(4, '0')}` })
  await using t = await start(town)
  await openRegie(t.regisseur)
  await book(t.regisseur, town.households.map(({ id, children }) => [id, children[0]?.id ?? '', '2026-10-01'] as const))
  const id = await draft(t.regisseur, '10', async () => undefined)
  await t.platform.crash()
  const again = await t.platform.as('agent.regie')
  await t.platform.settle()
  const count = () => run(again, async (c) => Number((await c.db.selectFrom('invoice').select((eb) => eb.fn.countAll().as('n')).where('campaign_id', '=', id).executeTakeFirstOrThrow()).n))
  expect(await count()).toBe(452)
  // The same statements, and the cut before they are committed.
  await expect(run(again, (c) => c.transaction(async (tx) => {
    await tx.updateTable('regie').set((eb) => ({ next_invoice: eb('next_invoice', '+', 452) })).execute()
    await tx.updateTable('invoice').set((eb) => ({ number: eb('position', '+', 1) })).execute()
    throw new Error('cut')
  }))).rejects.toThrow(/500/)
  expect(await run(again, async (c) => (await validateCampaign(c, id)) ?? 'validated')).toBe('validated')
  const numbers = await run(again, async (c) => (await c.db.selectFrom('invoice').select('number').orderBy('number').execute()).map(({ number }) => number))
  expect([numbers[0], numbers.at(-1), new Set(numbers).size]).toEqual([1, 452, 452])
})

test('numbers and references are written as the régie writes them', () => {
  const invoice = { kind: 'invoice', number: 42, issued_on: '2026-11-30' } as const
  expect([invoiceNumber(1, invoice), invoiceNumber(1, { ...invoice, kind: 'credit' }), invoiceNumber(1, { ...invoice, number: null })]).toEqual(['F01-26-11-0000042', 'A01-26-11-0000042', undefined])
  expect((Number(paymentReference(1, invoice)?.slice(0, -2)) + Number(paymentReference(1, invoice)?.slice(-2))) % 97).toBe(0)
})
