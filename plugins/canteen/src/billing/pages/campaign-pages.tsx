import { Type } from '@liberacces/sdk'
import { ActionButton, Actions, Badge, ButtonLink, DataTable, DescriptionList, Notice, Page, Section } from '@liberacces/sdk/ui'
import { dateWords } from '../../booking/words/day-words.ts'
import { campaignPes } from '../../payments/pes/campaign-pes.ts'
import { pesBytes, pesFaults, pesFileName } from '../../payments/pes/pes-file.ts'
import { collectCampaign } from '../../payments/sepa/collect.ts'
import type { CanteenContext, CanteenRegistrar } from '../../canteen-types.ts'
import { beginCampaign, dropCampaign, publishCampaign, redraft, validateCampaign } from '../campaign/campaigns.ts'
import { invoiceNumber } from '../invoice-number.ts'
import { dueOf } from '../store/ledger.ts'
import { allRegies, findRegie } from '../store/regies.ts'
import type { BillingTables } from '../tables.ts'

const HOME = '/gestion/facturation'
const PAGE = 50
/** Alerts of a campaign that are shown. */
const MOST_ALERTS = 200

const CampaignForm = Type.Object({
  campaignName: Type.String({ minLength: 1, maxLength: 100 }), periodFrom: Type.String({ format: 'date' }), periodTo: Type.String({ format: 'date' }), dueDay: Type.String({ format: 'date' }),
})
const CollectForm = Type.Object({ debitDay: Type.String({ format: 'date' }) })

/** The régisseur's desk: campaigns from draft to publication, with their files. */
export function registerCampaignPages(k: CanteenRegistrar): void {
  k.page({ path: HOME, audience: 'agent', permission: 'billing.read', title: 'billing.title', menu: 60 }, async (c) => {
    const regies = await allRegies(c.db)
    const campaigns = await c.db.selectFrom('campaign').selectAll().orderBy('first_day', 'desc').orderBy('id', 'desc').limit(60).execute()
    const manages = c.actor.can('billing.manage')
    const nameOf = new Map(regies.map(({ id, name }) => [id, name]))
    return (
      <Page title={c.t('billing.title')} actions={<>
        <ButtonLink href={c.url(`${HOME}/impayes`)}>{c.t('billing.overdue')}</ButtonLink>
        <ButtonLink href={c.url(`${HOME}/prelevements`)}>{c.t('billing.collections')}</ButtonLink>
        <ButtonLink href={c.url(`${HOME}/tarifs`)}>{c.t('billing.tariffs')}</ButtonLink>
        <ButtonLink href={c.url(`${HOME}/caf`)}>{c.t('caf.title')}</ButtonLink>
      </>}>
        {regies.length === 0 && <Notice kind="info" title={c.t('billing.no-regie')}>{c.t('billing.no-regie.detail')}</Notice>}
        <Section title={c.t('billing.campaigns')}>
          <DataTable
            caption={c.t('billing.campaigns')} rows={campaigns} rowKey={({ id }) => id} empty={c.t('billing.none')}
            columns={[
              { key: 'name', header: c.t('field.campaignName'), cell: ({ id, name }) => <a href={c.url(`${HOME}/campagnes/${id}`)}>{name}</a> },
              { key: 'regie', header: c.t('billing.regie'), cell: ({ regie_id: id }) => nameOf.get(id) ?? '' },
              { key: 'period', header: c.t('billing.period'), cell: (row) => c.t('billing.from-to', { from: dateWords(row.first_day, c.locale), to: dateWords(row.last_day, c.locale) }) },
              { key: 'state', header: c.t('billing.state'), cell: (row) => stateBadge(c, row) },
              { key: 'cents', header: c.t('billing.total'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
            ]}
            exports={[{ label: c.t('billing.export.invoices'), href: c.url(`${HOME}/export/factures.csv`) }, { label: c.t('billing.export.payments'), href: c.url(`${HOME}/export/paiements.csv`) }]}
          />
        </Section>
        <Section title={c.t('billing.regies')} actions={manages && <ButtonLink href={c.url(`${HOME}/regies/ajouter`)}>{c.t('billing.regie.add')}</ButtonLink>}>
          <DataTable
            caption={c.t('billing.regies')} rows={regies} rowKey={({ id }) => id} empty={c.t('billing.none')}
            columns={[
              { key: 'name', header: c.t('billing.regie'), cell: ({ name }) => name },
              { key: 'number', header: c.t('field.regieNumber'), numeric: true },
              { key: 'actions', header: c.t('billing.actions'), cell: ({ id, name }) => (manages
                ? <Actions><ButtonLink kind="primary" href={c.url(`${HOME}/regies/${id}/campagnes/ajouter`)} subject={name}>{c.t('billing.campaign.add')}</ButtonLink><ButtonLink href={c.url(`${HOME}/regies/${id}/modifier`)} subject={name}>{c.t('billing.edit')}</ButtonLink></Actions>
                : '') },
            ]}
          />
        </Section>
      </Page>
    )
  })

  k.form({ path: `${HOME}/regies/:id/campagnes/ajouter`, audience: 'agent', permission: 'billing.manage', title: 'billing.campaign.add', intro: 'billing.campaign.intro', schema: CampaignForm }, async (c, data, { params }) => {
    const regie = await findRegie(c.db, params['id'] ?? '')
    if (regie === undefined) return c.notFound()
    if (data.periodTo < data.periodFrom) return c.invalid({ periodTo: c.t('billing.problem.period') })
    if (data.dueDay < c.today()) return c.invalid({ dueDay: c.t('billing.problem.due') })
    const id = await beginCampaign(c, { regieId: regie.id, name: data.campaignName, firstDay: data.periodFrom, lastDay: data.periodTo, dueDay: data.dueDay })
    return c.redirect(`${HOME}/campagnes/${id}`, 'billing.notice.begun')
  }, async (c, { params }) => ((await findRegie(c.db, params['id'] ?? '')) === undefined ? undefined : {}))

  k.page({ path: `${HOME}/campagnes/:id`, audience: 'agent', permission: 'billing.read', title: 'billing.campaign', query: Type.Object({ page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) }) }, async (c, { params, query }) => {
    const campaign = await c.db.selectFrom('campaign').selectAll().where('id', '=', params['id'] ?? '').executeTakeFirst()
    const regie = campaign === undefined ? undefined : await findRegie(c.db, campaign.regie_id)
    if (campaign === undefined || regie === undefined) return c.notFound()
    const page = query.page ?? 1
    const here = `${HOME}/campagnes/${campaign.id}`
    const invoices = await c.db.selectFrom('invoice').selectAll().where('campaign_id', '=', campaign.id).orderBy('kind', 'desc').orderBy('position').limit(PAGE).offset((page - 1) * PAGE).execute()
    const due = await dueOf(c.db, invoices)
    // What stands in the way of validation comes first: hundreds of unknown quotients must not hide it.
    const alerts = await c.db.selectFrom('campaign_alert').selectAll().where('campaign_id', '=', campaign.id).orderBy((is) => is.case().when('kind', '=', 'no-quotient').then(1).else(0).end()).orderBy('kind').orderBy('name').limit(MOST_ALERTS).execute()
    const allAlerts = alerts.length < MOST_ALERTS ? alerts.length : Number((await c.db.selectFrom('campaign_alert').select((is) => is.fn.countAll().as('count')).where('campaign_id', '=', campaign.id).executeTakeFirstOrThrow()).count)
    const count = campaign.invoices + campaign.credits
    return c.page(campaign.name, (
      <Page title={campaign.name} breadcrumb={[{ label: c.t('billing.title'), href: c.url(HOME) }]} actions={c.actor.can('billing.manage') && campaignActions(c, campaign, here)}>
        {campaign.state === 'draft' && campaign.drafted === 0 && <Notice kind="info" title={c.t('billing.drafting')}>{c.t('billing.progress', { households: campaign.households, invoices: campaign.invoices })} <a href={c.url(here)}>{c.t('billing.refresh')}</a></Notice>}
        <DescriptionList items={[
          { term: c.t('billing.state'), description: stateBadge(c, campaign) },
          { term: c.t('billing.regie'), description: regie.name },
          { term: c.t('billing.period'), description: c.t('billing.from-to', { from: dateWords(campaign.first_day, c.locale), to: dateWords(campaign.last_day, c.locale) }) },
          { term: c.t('field.dueDay'), description: c.format.date(campaign.due_day) },
          { term: c.t('billing.documents'), description: c.t('billing.counts', { invoices: campaign.invoices, credits: campaign.credits }) },
          { term: c.t('billing.total'), description: c.format.money(campaign.cents) },
        ]} />
        {alerts.length > 0 && (
          <Section title={c.t('billing.alerts')}>
            {allAlerts > alerts.length && <p>{c.t('billing.alerts.some', { shown: alerts.length, count: allAlerts })}</p>}
            <DataTable caption={c.t('billing.alerts')} rows={alerts} rowKey={({ id }) => id} columns={[{ key: 'name', header: c.t('billing.family') }, { key: 'kind', header: c.t('billing.alert'), cell: ({ kind, detail }) => c.t(`billing.alert.${kind}`, { detail }) }]} />
          </Section>
        )}
        <Section title={c.t('billing.documents')}>
          <DataTable
            caption={c.t('billing.documents')} rows={invoices} rowKey={({ id }) => id} empty={c.t('billing.none')}
            columns={[
              { key: 'payer', header: c.t('billing.payer'), cell: ({ id, payer_name: name }) => <a href={c.url(`${HOME}/factures/${id}`)}>{name}</a> },
              { key: 'number', header: c.t('billing.number'), cell: (row) => invoiceNumber(regie.number, row) ?? c.t('billing.state.draft') },
              { key: 'cents', header: c.t('billing.total'), numeric: true, cell: ({ cents }) => c.format.money(cents) },
              { key: 'due', header: c.t('billing.due'), numeric: true, cell: ({ id, number }) => (number === null ? '' : c.format.money(due.get(id) ?? 0)) },
            ]}
            {...(count > PAGE ? { pagination: { page, pageCount: Math.ceil(count / PAGE), href: (to: number) => c.url(here, { page: to }) } } : {})}
          />
        </Section>
      </Page>
    ))
  })

  const action = { audience: 'agent', permission: 'billing.manage' } as const
  k.action({ ...action, path: `${HOME}/campagnes/:id/valider` }, async (c, { params }) => {
    const refused = await validateCampaign(c, params['id'] ?? '')
    return refused === undefined ? c.redirect(`${HOME}/campagnes/${params['id']}`, 'billing.notice.validated') : c.invalid({ '': c.t(`billing.refused.${refused}`) })
  })
  k.action({ ...action, path: `${HOME}/campagnes/:id/publier` }, async (c, { params }) => ((await publishCampaign(c, params['id'] ?? '')) ? c.redirect(`${HOME}/campagnes/${params['id']}`, 'billing.notice.published') : c.notFound()))
  k.action({ ...action, path: `${HOME}/campagnes/:id/refaire` }, async (c, { params }) => ((await redraft(c, params['id'] ?? '')) ? c.redirect(`${HOME}/campagnes/${params['id']}`, 'billing.notice.begun') : c.notFound()))
  k.action({ ...action, path: `${HOME}/campagnes/:id/supprimer` }, async (c, { params }) => ((await dropCampaign(c, params['id'] ?? '')) ? c.redirect(HOME, 'billing.notice.dropped') : c.notFound()))

  k.action({ ...action, path: `${HOME}/campagnes/:id/pes` }, async (c, { params }) => {
    const file = await campaignPes(c, params['id'] ?? '')
    if (file === undefined) return c.notFound()
    const faults = pesFaults(file)
    if (faults.length > 0) return c.invalid({ '': faults.map((fault) => c.t(`billing.pes.${fault}`)).join(' ') })
    return c.redirect(`${HOME}/campagnes/${params['id']}/pes.xml`)
  })
  k.route({ ...action, method: 'GET', path: `${HOME}/campagnes/:id/pes.xml`, summary: 'PES Recette (ORMC) of a validated campaign', response: { 200: Type.String({ contentMediaType: 'application/xml' }) } }, async (c, { params }) => {
    const file = await campaignPes(c, params['id'] ?? '')
    if (file === undefined || pesFaults(file).length > 0) return c.notFound()
    const stored = await c.files.put(pesBytes(file), { name: pesFileName(file), type: 'application/xml' })
    await c.audit('campaign.pes', params['id'] ?? '', { pieces: file.pieces.length })
    return c.file(stored.id, { disposition: 'attachment', name: pesFileName(file) })
  })

  k.form({ ...action, path: `${HOME}/campagnes/:id/prelever`, title: 'billing.collect', intro: 'billing.collect.intro', submit: 'billing.collect', schema: CollectForm }, async (c, data, { params }) => {
    if (data.debitDay <= c.today()) return c.invalid({ debitDay: c.t('billing.problem.debit-day') })
    const made = await collectCampaign(c, params['id'] ?? '', data.debitDay)
    return made.ok ? c.redirect(`${HOME}/prelevements/${made.id}`, 'billing.notice.collected') : c.invalid({ '': made.faults.map((fault) => c.t(`billing.sepa.${fault}`)).join(' ') })
  })
}

function campaignActions(c: CanteenContext, campaign: BillingTables['campaign'], here: string) {
  if (campaign.state === 'draft') {
    return <>
      {campaign.drafted === 1 && <ActionButton kind="primary" action={c.url(`${here}/valider`)} label={c.t('billing.validate')} confirm={c.t('billing.validate.confirm', { count: campaign.invoices })} />}
      <ActionButton action={c.url(`${here}/refaire`)} label={c.t('billing.redraft')} />
      <ActionButton kind="danger" action={c.url(`${here}/supprimer`)} label={c.t('billing.drop')} confirm={c.t('billing.drop.confirm')} />
    </>
  }
  return <>
    {campaign.state === 'validated' && <ActionButton kind="primary" action={c.url(`${here}/publier`)} label={c.t('billing.publish')} />}
    <ActionButton action={c.url(`${here}/pes`)} label={c.t('billing.pes')} />
    <ButtonLink href={c.url(`${here}/prelever`)}>{c.t('billing.collect')}</ButtonLink>
  </>
}

function stateBadge(c: CanteenContext, { state, drafted }: Pick<BillingTables['campaign'], 'state' | 'drafted'>) {
  return <Badge kind={state === 'published' ? 'success' : state === 'validated' ? 'info' : 'neutral'}>{c.t(state === 'draft' && drafted === 0 ? 'billing.state.drafting' : `billing.state.${state}`)}</Badge>
}
