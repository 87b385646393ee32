import { Type } from '@liberacces/sdk'
import { NO_RECORD } from '../domain/health-record.ts'
import type { FamiliesContext, FamiliesRegistrar } from '../families-types.ts'
import { DocumentForm, GuardianForm, guardianOf, healthForm, HealthForm, healthOf, HouseholdForm, missingOfAddress, NewChildForm } from '../forms.ts'
import { MOST_CHILDREN, MOST_GUARDIANS, placed, type Draft, type DraftChild } from './draft.ts'
import { ownRequest, saveDraft, type OpenRequest } from './requests.ts'
import { stepPath } from './step-path.ts'

const Place = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }), index: Type.Integer({ minimum: 0, maximum: 20 }) })

/** The forms of the steps. Each keeps what was filled in and leads to the next one; nothing is lost by stopping between two. */
export function registerRegistrationForms(k: FamiliesRegistrar): void {
  const access = { audience: 'citizen', permission: 'family.own', submit: 'registration.save' } as const

  k.form({ ...access, path: '/inscription/:id/foyer', title: 'step.household', intro: 'step.household.intro', schema: HouseholdForm }, async (c, data, { params }) => {
    const open = await ownDraft(c, params['id'] ?? '')
    return open === undefined ? c.notFound() : keep(c, open, { ...open.draft, household: data })
  }, async (c, { params }) => {
    const open = await ownDraft(c, params['id'] ?? '')
    return open === undefined ? undefined : open.draft.household ?? { address: '', postcode: '', town: c.tenant.name }
  })

  k.form({ ...access, path: '/inscription/:id/responsables/:index', params: Place, title: 'step.guardians', intro: 'step.guardians.intro', schema: GuardianForm }, async (c, data, { params }) => {
    const open = await ownDraft(c, params.id)
    if (open === undefined || params.index >= MOST_GUARDIANS) return c.notFound()
    const missing = missingOfAddress(data)
    if (missing !== undefined) return c.invalid({ [missing]: c.t('problem.whole-address') })
    return keep(c, open, { ...open.draft, guardians: placed(open.draft.guardians, params.index, guardianOf(data)) })
  }, async (c, { params }) => {
    const open = await ownDraft(c, params.id)
    if (open === undefined || params.index >= MOST_GUARDIANS) return undefined
    const known = open.draft.guardians[params.index]
    if (known === undefined) return {}
    const { firstName, lastName, email, phone, address, postcode, town } = known
    return { firstName, lastName, ...defined({ email, phone, ownAddress: address, ownPostcode: postcode, ownTown: town }) }
  })

  k.form({ ...access, path: '/inscription/:id/enfants/:index', params: Place, title: 'step.children', schema: NewChildForm }, async (c, data, { params }) => {
    const open = await ownDraft(c, params.id)
    if (open === undefined || params.index >= MOST_CHILDREN) return c.notFound()
    if (data.birthDay > c.today()) return c.invalid({ birthDay: c.t('problem.future') })
    const known = open.draft.children[params.index]
    return keep(c, open, { ...open.draft, children: placed(open.draft.children, params.index, { documents: [], ...known, ...data }) })
  }, async (c, { params }) => {
    const open = await ownDraft(c, params.id)
    if (open === undefined || params.index >= MOST_CHILDREN) return undefined
    const known = open.draft.children[params.index]
    return known === undefined ? { lastName: open.draft.guardians[0]?.lastName ?? '' } : { firstName: known.firstName, lastName: known.lastName, birthDay: known.birthDay, level: known.level }
  })

  k.form({ ...access, path: '/inscription/:id/enfants/:index/sante', params: Place, title: 'page.health', intro: 'health.intro', schema: HealthForm }, async (c, data, { params }) => {
    const found = await ownDraftChild(c, params)
    if (found === undefined) return c.notFound()
    if (data.paiFirstDay !== undefined && data.paiLastDay !== undefined && data.paiLastDay < data.paiFirstDay) return c.invalid({ paiLastDay: c.t('problem.day-order') })
    return keepChild(c, found, params.index, { ...found.child, health: healthOf(data, NO_RECORD, c.today()) })
  }, async (c, { params }) => {
    const found = await ownDraftChild(c, params)
    if (found === undefined) return undefined
    const { shownOn: _shownOn, ...form } = healthForm(found.child.health ?? NO_RECORD)
    return { ...form, childName: `${found.child.firstName} ${found.child.lastName}` }
  })

  k.form({ ...access, path: '/inscription/:id/enfants/:index/documents', params: Place, title: 'page.document', intro: 'step.documents.intro', schema: DocumentForm }, async (c, data, { params }) => {
    const found = await ownDraftChild(c, params)
    if (found === undefined) return c.notFound()
    const document = { kind: data.kind, validUntil: data.validUntil, fileId: data.file.id, fileName: data.file.name }
    return keepChild(c, found, params.index, { ...found.child, documents: [...found.child.documents, document].slice(-10) })
  }, async (c, { params }) => {
    const found = await ownDraftChild(c, params)
    return found === undefined ? undefined : { childName: `${found.child.firstName} ${found.child.lastName}` }
  })
}

async function ownDraft(c: FamiliesContext, id: string): Promise<OpenRequest | undefined> {
  const open = await ownRequest(c, id)
  return open?.row.state === 'draft' ? open : undefined
}

async function ownDraftChild(c: FamiliesContext, { id, index }: { readonly id: string; readonly index: number }): Promise<(OpenRequest & { readonly child: DraftChild }) | undefined> {
  const open = await ownDraft(c, id)
  const child = open?.draft.children[index]
  return open === undefined || child === undefined ? undefined : { ...open, child }
}

type FormHandlerContext = Parameters<Parameters<FamiliesRegistrar['form']>[1]>[0]

async function keep(c: FormHandlerContext, { row }: OpenRequest, draft: Draft) {
  return await saveDraft(c, row.id, draft) ? c.redirect(stepPath(row.id, draft)) : c.notFound()
}

function keepChild(c: FormHandlerContext, open: OpenRequest, index: number, child: DraftChild) {
  return keep(c, open, { ...open.draft, children: placed(open.draft.children, index, child) })
}

function defined<Value>(values: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined))
}
