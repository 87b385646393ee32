import { addDays, Choice, Type, type Static } from '@liberacces/sdk'
import { ActionButton, Badge, ButtonLink, DataTable, Page } from '@liberacces/sdk/ui'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { isCreditorId, readIban } from '../../payments/iban.ts'
import { isBic, isRum } from '../../payments/sepa/direct-debits.ts'
import { invoiceNumber, paymentReference } from '../invoice-number.ts'
import { dueOf } from '../store/ledger.ts'
import { allRegies, findRegie, RegieIdentity, saveRegie } from '../store/regies.ts'

const HOME = '/gestion/facturation'
/** Reminders that are sent of one invoice; what is due after the last goes to the comptable public. */
const STEPS = 3
/** Days between an invoice's due day, or its last reminder, and the next. */
const DAYS_BETWEEN = 15
/** Rows of one page. */
const PAGE = 50
const Pages = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })) })
const pagesOf = (count: number): number => Math.max(1, Math.ceil(count / PAGE))
const pagination = (count: number, page: number, href: (to: number) => string) => (count > PAGE ? { pagination: { page, pageCount: pagesOf(count), href } } : {})

const RegieForm = Type.Object({ regieName: Type.String({ minLength: 1, maxLength: 100 }), regieNumber: Type.Integer({ minimum: 1, maximum: 99 }), ...RegieIdentity.properties })
type RegieForm = Static<typeof RegieForm>
const MandateForm = Type.Object({ rum: Type.String({ minLength: 1, maxLength: 35 }), holder: Type.String({ minLength: 1, maxLength: 70 }), iban: Type.String({ minLength: 1, maxLength: 50 }), signedOn: Type.String({ format: 'date' }), mandateKind: Choice(['RCUR', 'OOFF']) })

/** Régies, mandates, and what is due. */
export function registerCollectingPages(k: CanteenRegistrar): void {
  const manage = { audience: 'agent', permission: 'billing.manage' } as const
  k.form({ ...manage, path: `${HOME}/regies/ajouter`, title: 'billing.regie.add', schema: RegieForm }, async (c, data) => {
    const problems = await writeRegie(c, undefined, data)
    return problems === undefined ? c.redirect(HOME, 'billing.notice.saved') : c.invalid(problems)
  })
  k.form({ ...manage, path: `${HOME}/regies/:id/modifier`, title: 'billing.regie.edit', schema: RegieForm }, async (c, data, { params }) => {
    if ((await findRegie(c.db, params['id'] ?? '')) === undefined) return c.notFound()
    const problems = await writeRegie(c, params['id'], data)
    return problems === undefined ? c.redirect(HOME, 'billing.notice.saved') : c.invalid(problems)
  }, async (c, { params }) => {
    const regie = await findRegie(c.db, params['id'] ?? '')
    return regie === undefined ? undefined : { regieName: regie.name, regieNumber: regie.number, ...regie.identity }
  })

  k.page({ path: `${HOME}/impayes`, audience: 'agent', permission: 'billing.read', title: 'billing.overdue', query: Pages }, async (c, { query }) => {
    const regies = new Map((await allRegies(c.db)).map((regie) => [regie.id, regie]))
    const count = await countOverdue(c)
    const page = Math.min(query.page ?? 1, pagesOf(count))
    const invoices = await overdue(c, { page })
    const manages = c.actor.can('billing.manage')
    return (
      <Page title={c.t('billing.overdue')} intro={c.t('billing.overdue.intro', { count })} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }]}>
        <DataTable caption={c.t('billing.overdue')} rows={invoices} rowKey={({ invoice }) => invoice.id} empty={c.t('billing.none')} columns={[
          { key: 'payer', header: c.t('billing.payer'), cell: ({ invoice }) => <a href={c.url(`${HOME}/factures/${invoice.id}`)}>{invoice.payer_name}</a> },
          { key: 'number', header: c.t('billing.number'), cell: ({ invoice }) => invoiceNumber(regies.get(invoice.regie_id)?.number ?? 0, invoice) ?? '' },
          { key: 'due_on', header: c.t('field.dueDay'), cell: ({ invoice }) => c.format.date(invoice.due_on) },
          { key: 'due', header: c.t('billing.due'), numeric: true, cell: ({ due }) => c.format.money(due) },
          { key: 'reminders', header: c.t('billing.reminders'), cell: ({ step }) => (step === STEPS ? <Badge kind="error">{c.t('billing.reminded', { step })}</Badge> : c.t('billing.reminded', { step })) },
          { key: 'actions', header: c.t('billing.actions'), cell: ({ invoice, step, isNext }) => (manages && step < STEPS && isNext ? <ActionButton action={c.url(`${HOME}/factures/${invoice.id}/relancer`)} label={c.t('billing.remind')} subject={invoice.payer_name} /> : '') },
        ]} {...pagination(count, page, (to) => c.url(`${HOME}/impayes`, { page: to }))} />
      </Page>
    )
  })

  k.action({ ...manage, path: `${HOME}/factures/:id/relancer` }, async (c, { params }) => {
    const found = (await overdue(c, { id: params['id'] ?? '' })).at(0)
    if (found === undefined) return c.notFound()
    if (found.step >= STEPS || !found.isNext) return c.invalid({ '': c.t('billing.problem.reminded') })
    const { invoice, due } = found
    const regie = await findRegie(c.db, invoice.regie_id)
    const byMail = invoice.payer_email !== null && c.granted('mail:send')
    await c.transaction(async (tx) => {
      await tx.insertInto('reminder').values({ id: c.id(), invoice_id: invoice.id, step: found.step + 1, sent_on: c.today(), by_mail: byMail ? 1 : 0 }).execute()
      if (!byMail) return
      const values = { number: invoiceNumber(regie?.number ?? 0, invoice) ?? '', due: c.format.money(due), day: c.format.date(invoice.due_on), reference: paymentReference(regie?.number ?? 0, invoice) ?? '' }
      await tx.mail.send({ to: invoice.payer_email ?? '', subject: c.t('billing.mail.reminder.subject', values), text: c.t('billing.mail.reminder.text', values) })
    })
    await c.audit('invoice.reminded', invoice.id, { step: found.step + 1 })
    return c.redirect(`${HOME}/impayes`, byMail ? 'billing.notice.reminded' : 'billing.notice.reminded-paper')
  })

  k.page({ path: `${HOME}/mandats`, audience: 'agent', permission: 'billing.read', title: 'billing.mandates', query: Pages }, async (c, { query }) => {
    const count = Number((await c.db.selectFrom('mandate').select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
    const page = Math.min(query.page ?? 1, pagesOf(count))
    const mandates = await c.db.selectFrom('mandate').selectAll().orderBy('holder').orderBy('id').limit(PAGE).offset((page - 1) * PAGE).execute()
    return (
      <Page title={c.t('billing.mandates')} intro={c.t('billing.mandates.intro')} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }]}>
        <DataTable caption={c.t('billing.mandates')} rows={mandates} rowKey={({ id }) => id} empty={c.t('billing.none')} columns={[
          { key: 'holder', header: c.t('field.holder') }, { key: 'rum', header: c.t('field.rum') }, { key: 'iban', header: c.t('field.iban'), cell: ({ last_four: last }) => `… ${last}` }, { key: 'signed', header: c.t('field.signedOn'), cell: ({ signed_on: day }) => c.format.date(day) },
          { key: 'kind', header: c.t('field.mandateKind'), cell: ({ kind }) => c.t(`field.mandateKind.${kind}`) },
          { key: 'state', header: c.t('billing.state'), cell: ({ active }) => <Badge kind={active === 1 ? 'success' : 'neutral'}>{c.t(active === 1 ? 'billing.mandate.active' : 'billing.mandate.ended')}</Badge> },
          { key: 'actions', header: c.t('billing.actions'), cell: ({ id, active, holder }) => (active === 1 && c.actor.can('billing.manage') ? <ActionButton kind="danger" action={c.url(`${HOME}/mandats/${id}/cloturer`)} label={c.t('billing.mandate.end')} subject={holder} confirm={c.t('billing.mandate.end.confirm')} /> : '') },
        ]} {...pagination(count, page, (to) => c.url(`${HOME}/mandats`, { page: to }))} />
      </Page>
    )
  })

  k.form({ ...manage, path: `${HOME}/factures/:id/mandat`, title: 'billing.mandate.add', schema: MandateForm }, async (c, data, { params }) => {
    const invoice = await c.db.selectFrom('invoice').select(['guardian_id', 'account_id']).where('id', '=', params['id'] ?? '').executeTakeFirst()
    if (invoice === undefined) return c.notFound()
    const iban = readIban(data.iban)
    const problems = {
      ...(isRum(data.rum) ? {} : { rum: c.t('billing.sepa.rum') }), ...(iban === undefined ? { iban: c.t('billing.problem.iban') } : {}), ...(data.signedOn > c.today() ? { signedOn: c.t('billing.problem.future') } : {}),
      ...((await c.db.selectFrom('mandate').select('id').where('rum', '=', data.rum).executeTakeFirst()) === undefined ? {} : { rum: c.t('billing.problem.rum-taken') }),
    }
    if (iban === undefined || Object.keys(problems).length > 0) return c.invalid(problems)
    const id = c.id()
    const sealed = await c.secrets.seal(iban)
    await c.transaction(async (tx) => {
      // One mandate at a time: the new one takes the place of the old.
      await tx.updateTable('mandate').set({ active: 0 }).where('guardian_id', '=', invoice.guardian_id).execute()
      await tx.insertInto('mandate').values({ id, guardian_id: invoice.guardian_id, account_id: invoice.account_id, rum: data.rum, holder: data.holder, iban: sealed, last_four: iban.slice(-4), signed_on: data.signedOn, kind: data.mandateKind, uses: 0, active: 1 }).execute()
    })
    await c.audit('mandate.saved', id)
    return c.redirect(`${HOME}/mandats`, 'billing.notice.saved')
  }, async (c, { params }) => {
    const invoice = await c.db.selectFrom('invoice').select('payer_name').where('id', '=', params['id'] ?? '').executeTakeFirst()
    return invoice === undefined ? undefined : { holder: invoice.payer_name, rum: `LA${c.id().replaceAll('-', '').slice(0, 16).toUpperCase()}`, mandateKind: 'RCUR' as const }
  })

  k.action({ ...manage, path: `${HOME}/mandats/:id/cloturer` }, async (c, { params }) => {
    const { numUpdatedRows } = await c.db.updateTable('mandate').set({ active: 0 }).where('id', '=', params['id'] ?? '').where('active', '=', 1).executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return c.notFound()
    await c.audit('mandate.ended', params['id'] ?? '')
    return c.redirect(`${HOME}/mandats`, 'billing.notice.saved')
  })
}

/** A link to enter a mandate stands on the invoice of who pays. */
export function mandateLink(c: CanteenContext, invoiceId: string) {
  return <ButtonLink href={c.url(`${HOME}/factures/${invoiceId}/mandat`)}>{c.t('billing.mandate.add')}</ButtonLink>
}

/** Published invoices past their day of which something is due. What is settled is left out by the database: after some years nearly all are. */
function overdueRows(c: CanteenContext, id?: string) {
  const rows = c.db.selectFrom('invoice').where('published', '=', 1).where('kind', '=', 'invoice').where('due_on', '<', c.today())
    .where((is) => is(is.fn.coalesce(is.selectFrom('settlement').select((sum) => sum.fn.sum('settlement.cents').as('settled')).whereRef('target_id', '=', 'invoice.id'), is.lit(0)), '<', is.ref('invoice.cents')))
  return id === undefined ? rows : rows.where('invoice.id', '=', id)
}

/** The same with what is due and the reminders so far, the oldest first, a page at a time. */
async function overdue(c: CanteenContext, { id, page = 1 }: { readonly id?: string; readonly page?: number } = {}) {
  const open = await overdueRows(c, id).selectAll('invoice').orderBy('due_on').orderBy('number').limit(PAGE).offset((page - 1) * PAGE).execute()
  const due = await dueOf(c.db, open)
  const reminders = open.length === 0 ? [] : await c.db.selectFrom('reminder').select(['invoice_id', 'step', 'sent_on']).where('invoice_id', 'in', open.map((invoice) => invoice.id)).orderBy('step').execute()
  const lastOf = new Map(reminders.map((reminder) => [reminder.invoice_id, reminder]))
  return open.map((invoice) => {
    const last = lastOf.get(invoice.id)
    const next = addDays(last?.sent_on ?? invoice.due_on, last === undefined ? 0 : DAYS_BETWEEN)
    return { invoice, due: due.get(invoice.id) ?? 0, step: last?.step ?? 0, isNext: next < c.today() }
  })
}

async function countOverdue(c: CanteenContext): Promise<number> {
  const { count } = await overdueRows(c).select((is) => is.fn.countAll().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

async function writeRegie(c: CanteenContext, id: string | undefined, { regieName, regieNumber, ...identity }: RegieForm): Promise<{ readonly [Field in keyof RegieForm]?: string } | undefined> {
  const regies = await allRegies(c.db)
  const before = regies.find((regie) => regie.id === id)
  const problems: { [Field in keyof RegieForm]?: string } = {}
  if (regies.some((regie) => regie.number === regieNumber && regie.id !== id)) problems.regieNumber = c.t('billing.problem.number-taken')
  // Its number is part of the numbers that its invoices bear.
  if (before !== undefined && before.number !== regieNumber) problems.regieNumber = c.t('billing.problem.number-fixed')
  if ((identity.iban ?? '') !== '' && readIban(identity.iban ?? '') === undefined) problems.iban = c.t('billing.problem.iban')
  if ((identity.bic ?? '') !== '' && !isBic(identity.bic ?? '')) problems.bic = c.t('billing.sepa.creditor-bic')
  if ((identity.ics ?? '') !== '' && !isCreditorId(identity.ics ?? '')) problems.ics = c.t('billing.sepa.creditor-id')
  if ((identity.siret ?? '') !== '' && !/^\d{14}$/.test(identity.siret ?? '')) problems.siret = c.t('billing.pes.id-coll')
  if (Object.keys(problems).length > 0) return problems
  const regieId = id ?? c.id()
  await saveRegie(c.db, { id: regieId, number: regieNumber, name: regieName, identity })
  await c.audit('regie.saved', regieId)
  return undefined
}
