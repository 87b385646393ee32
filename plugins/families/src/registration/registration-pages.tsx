import { ActionButton, Actions, Badge, ButtonLink, Card, CardList, Notice, Page, Section } from '@liberacces/sdk/ui'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { addressLine } from '../domain/address-line.ts'
import { familyCrumbs } from '../guichet/shell.tsx'
import { isComplete, MOST_CHILDREN, MOST_GUARDIANS, nextStep, STEPS, type Draft } from './draft.ts'
import { dropDraft, beginRequest, ownRequest, sendRequest } from './requests.ts'
import { stepPath } from './step-path.ts'

/** The request as a whole: what is filled in, what is missing, sending. Each step is a form of its own; what was saved is there tomorrow. */
export function registerRegistrationPages(k: FamiliesRegistrar): void {
  k.page({ path: '/inscription', audience: 'citizen', permission: 'family.own', title: 'page.registration' }, (c) => (
    <Page title={c.t('page.registration')} intro={c.t('registration.intro')} breadcrumb={familyCrumbs(c)}>
      <ol>{STEPS.map((step) => <li key={step}>{c.t(`step.${step}`)}</li>)}</ol>
      <ActionButton kind="primary" action={c.url('/inscription/commencer')} label={c.t('registration.start')} />
    </Page>
  ))

  k.action({ path: '/inscription/commencer', audience: 'citizen', permission: 'family.own' }, async (c) => {
    // A press twice, or a new start a week later, leads back to the draft that is there.
    const open = await c.db.selectFrom('request').select('id').where('account_id', '=', c.actor.id).where('state', '=', 'draft').executeTakeFirst()
    const id = open?.id ?? await beginRequest(c)
    return c.redirect(open === undefined ? `/inscription/${id}/foyer` : `/inscription/${id}`)
  })

  k.page({ path: '/inscription/:id', audience: 'citizen', permission: 'family.own', title: 'page.registration' }, async (c, { params }) => {
    const request = await ownRequest(c, params['id'] ?? '')
    if (request === undefined) return c.notFound()
    const { row, draft } = request
    if (row.state !== 'draft') {
      return (
        <Page title={c.t('page.registration')} breadcrumb={familyCrumbs(c)}>
          <Notice kind={row.state === 'refused' ? 'error' : row.state === 'accepted' ? 'success' : 'info'} title={c.t(`request.state.${row.state}`)}>{row.reason ?? c.t(`registration.after.${row.state}`)}</Notice>
          {row.state === 'sent' && <DraftSections c={c} draft={draft} id={row.id} />}
        </Page>
      )
    }
    const step = nextStep(draft)
    return (
      <Page title={c.t('page.registration')} breadcrumb={familyCrumbs(c)} intro={c.t('registration.saved')}>
        {step === 'recap'
          ? <Notice kind="info" title={c.t('registration.ready')} />
          : <Notice kind="info" title={c.t('registration.next', { number: STEPS.indexOf(step) + 1, count: STEPS.length, step: c.t(`step.${step}`) })}><p><ButtonLink kind="primary" href={c.url(stepPath(row.id, draft))}>{c.t('registration.continue')}</ButtonLink></p></Notice>}
        <DraftSections c={c} draft={draft} id={row.id} edits />
        <Section title={c.t('step.recap')}>
          {isComplete(draft)
            ? <ActionButton kind="primary" action={c.url(`/inscription/${row.id}/envoyer`)} label={c.t('registration.send')} />
            : <p>{c.t('registration.incomplete')}</p>}
          <ActionButton kind="danger" action={c.url(`/inscription/${row.id}/abandonner`)} label={c.t('registration.drop')} confirm={c.t('registration.drop.confirm')} />
        </Section>
      </Page>
    )
  })

  k.action({ path: '/inscription/:id/envoyer', audience: 'citizen', permission: 'family.own' }, async (c, { params }) => {
    const request = await ownRequest(c, params['id'] ?? '')
    if (request === undefined) return c.notFound()
    return await sendRequest(c, request) ? c.redirect('/', 'notice.request-sent') : c.invalid({ '': c.t('registration.incomplete') })
  })

  k.action({ path: '/inscription/:id/abandonner', audience: 'citizen', permission: 'family.own' }, async (c, { params }) => {
    const request = await ownRequest(c, params['id'] ?? '')
    if (request === undefined) return c.notFound()
    await dropDraft(c, request)
    return c.redirect('/', 'notice.request-dropped')
  })
}

interface DraftSectionsProps {
  readonly c: FamiliesContext
  readonly draft: Draft
  readonly id: string
  /** Whether it can still be changed. */
  readonly edits?: boolean
}

function DraftSections({ c, draft, id, edits = false }: DraftSectionsProps) {
  const at = (path: string): string => c.url(`/inscription/${id}${path}`)
  const { household } = draft
  return (
    <>
      <Section title={c.t('step.household')} actions={edits && <ButtonLink href={at('/foyer')} subject={c.t('step.household')}>{c.t(household === undefined ? 'action.fill' : 'action.edit')}</ButtonLink>}>
        {household === undefined ? <p>{c.t('registration.missing')}</p> : <p>{[household.address, `${household.postcode} ${household.town}`].join(', ')}</p>}
      </Section>
      <Section title={c.t('step.guardians')} actions={edits && draft.guardians.length < MOST_GUARDIANS && <ButtonLink href={at(`/responsables/${draft.guardians.length}`)}>{c.t('guardian.add')}</ButtonLink>}>
        {draft.guardians.length === 0 && <p>{c.t('registration.missing')}</p>}
        <CardList>
          {draft.guardians.map((guardian, index) => (
            <Card key={index} title={`${guardian.firstName} ${guardian.lastName}`}>
              {[guardian.email, guardian.phone, addressLine(guardian)].map((line) => line !== undefined && <p key={line}>{line}</p>)}
              {edits && <p><ButtonLink href={at(`/responsables/${index}`)} subject={guardian.firstName}>{c.t('action.edit')}</ButtonLink></p>}
            </Card>
          ))}
        </CardList>
      </Section>
      <Section title={c.t('step.children')} actions={edits && draft.children.length < MOST_CHILDREN && <ButtonLink href={at(`/enfants/${draft.children.length}`)}>{c.t('child.add')}</ButtonLink>}>
        {draft.children.length === 0 && <p>{c.t('registration.missing')}</p>}
        <CardList>
          {draft.children.map((child, index) => (
            <Card key={index} title={`${child.firstName} ${child.lastName}`} meta={c.t(`field.level.${child.level}`)}>
              <p>{c.t('registration.born', { date: c.format.date(child.birthDay) })}</p>
              <p>{c.t('step.health')} <Badge kind={child.health === undefined ? 'warning' : 'success'}>{c.t(child.health === undefined ? 'registration.missing' : 'registration.filled')}</Badge></p>
              <p>{child.documents.length === 0 ? c.t('document.none') : child.documents.map(({ kind }) => c.t(`field.kind.${kind}`)).join(', ')}</p>
              {edits && (
                <Actions>
                  <ButtonLink href={at(`/enfants/${index}`)} subject={child.firstName}>{c.t('action.edit')}</ButtonLink>
                  <ButtonLink href={at(`/enfants/${index}/sante`)} subject={child.firstName}>{c.t('step.health')}</ButtonLink>
                  <ButtonLink href={at(`/enfants/${index}/documents`)} subject={child.firstName}>{c.t('document.add')}</ButtonLink>
                </Actions>
              )}
            </Card>
          ))}
        </CardList>
      </Section>
    </>
  )
}
