/** What is kept of families, why, and how people get it or get rid of it. Guardians are known by their account, or by the address of mail that agents noted. */
import type { Privacy, PrivacyExpired, PrivacyExpiry } from '@liberacces/sdk'
import { HouseholdChanged } from './contract.ts'
import type { FamiliesContext, FamiliesTransaction } from './families-types.ts'
import { filesOf } from './registration/draft.ts'
import { openDraft } from './registration/requests.ts'
import { deleteChild } from './store/children.ts'
import { openRecords } from './store/health.ts'
import { touchHousehold } from './store/households.ts'
import type { Tables } from './tables.ts'

/** Ten years: how long the accounts of the régie, and who they are about, are kept. */
const ACCOUNTS_DAYS = 3_653
/** A child is let go of so long after its last school year. */
const CHILD_DAYS = 1_096
/** Quotients, documents, and who looked at those. */
const SHORT_DAYS = 730
/** Rows that one step lets go of. */
const STEP = 100
/** Names are bills' too. */
const NOBODY = { account_id: null, email: null, phone: null, address: null, postcode: null, town: null, civil_status: null, claim_code: null } as const

const PURPOSE = { fr: 'Accueillir les enfants et facturer les familles', en: 'Looking after children and billing families' } as const

export const privacy: Privacy<Tables, FamiliesContext> = {
  stores: [
    { table: 'guardian', subject: 'email', basis: 'public-task', retentionDays: ACCOUNTS_DAYS, purpose: PURPOSE },
    { table: 'household', subject: 'id', basis: 'public-task', retentionDays: ACCOUNTS_DAYS, purpose: PURPOSE },
    { table: 'child', subject: 'household_id', basis: 'public-task', retentionDays: CHILD_DAYS, purpose: PURPOSE },
    { table: 'health', subject: 'child_id', basis: 'vital-interests', retentionDays: CHILD_DAYS, purpose: { fr: 'Protéger la santé des enfants accueillis', en: 'Protecting the health of children looked after' } },
    { table: 'quotient', subject: 'household_id', basis: 'public-task', retentionDays: SHORT_DAYS, purpose: { fr: 'Calculer les tarifs', en: 'Working out tariffs' } },
    { table: 'quotient_consent', subject: 'household_id', basis: 'consent', retentionDays: null, purpose: { fr: 'Lire le quotient familial auprès de la CAF ou de la MSA', en: 'Reading the quotient familial from the CAF or the MSA' } },
    { table: 'document', subject: 'household_id', basis: 'public-task', retentionDays: SHORT_DAYS, purpose: PURPOSE },
    { table: 'document_view', subject: 'viewer_id', basis: 'legitimate-interests', retentionDays: SHORT_DAYS, purpose: { fr: 'Dire aux familles qui a consulté leurs documents', en: 'Telling families who looked at their documents' } },
    { table: 'pick_up_person', subject: 'child_id', basis: 'public-task', retentionDays: CHILD_DAYS, purpose: { fr: 'Ne remettre un enfant qu’à qui peut venir le chercher', en: 'Handing a child over only to who may fetch it' } },
    { table: 'request', subject: 'account_id', basis: 'public-task', retentionDays: SHORT_DAYS, purpose: { fr: 'Instruire les demandes d’inscription', en: 'Deciding on registration requests' } },
  ],

  export: async (c, { id, email }) => {
    const guardians = await guardiansOf(c, { id, email })
    const householdIds = [...new Set(guardians.map((row) => row.household_id))]
    const ids = householdIds.length === 0 ? [''] : householdIds
    const households = await c.db.selectFrom('household').selectAll().where('id', 'in', ids).execute()
    const children = await c.db.selectFrom('child').selectAll().where('household_id', 'in', ids).execute()
    const documents = await c.db.selectFrom('document').selectAll().where('household_id', 'in', ids).execute()
    const quotients = await c.db.selectFrom('quotient').selectAll().where('household_id', 'in', ids).execute()
    const consents = await c.db.selectFrom('quotient_consent').selectAll().where('household_id', 'in', ids).execute()
    const childIds = children.map((child) => child.id)
    const records = await openRecords(c, c.db, childIds)
    const pickUps = childIds.length === 0 ? [] : await c.db.selectFrom('pick_up_person').selectAll().where('child_id', 'in', childIds).execute()
    const requests = await c.db.selectFrom('request').selectAll().where('account_id', '=', id).execute()
    const filled = await Promise.all(requests.map(async (row) => ({ id: row.id, state: row.state, sentAt: row.sent_at, reason: row.reason, filledIn: await openDraft(c, row) })))
    const views = await c.db.selectFrom('document_view').selectAll().where('viewer_id', '=', id).execute()
    const civil = await Promise.all(guardians.filter((row) => row.account_id === id).map(async (row) => (row.civil_status === null ? undefined : await c.secrets.open(row.civil_status))))
    return {
      data: {
        guardians: guardians.map(({ civil_status: _sealed, claim_code: _code, ...row }) => row), civilStatus: civil.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as unknown])),
        households: households.map(({ search_text: _search, sort_key: _key, ...row }) => row), children: children.map(({ search_text: _search, sort_key: _key, ...row }) => ({ ...row, health: records.get(row.id) ?? null })),
        pickUpPersons: pickUps, documents, quotients, consents, requests: filled, documentsLookedAt: views,
      },
      files: [...documents.map((row) => row.file_id), ...[...records.values()].flatMap(({ pai }) => pai?.protocolId ?? []), ...filled.filter(({ state }) => state !== 'accepted').flatMap(({ filledIn }) => filesOf(filledIn))],
    }
  },

  erase: async (c, { id, email }) => {
    const guardians = await guardiansOf(c, { id, email })
    const requests = await c.db.selectFrom('request').selectAll().where('account_id', '=', id).execute()
    const files = (await Promise.all(requests.filter(({ state }) => state === 'draft' || state === 'sent').map(async (row) => filesOf(await openDraft(c, row))))).flat()
    const erased = await c.transaction(async (tx) => {
      for (const { id: guardianId, household_id: householdId } of guardians) {
        await tx.updateTable('guardian').set(NOBODY).where('id', '=', guardianId).execute()
        await tx.deleteFrom('quotient_consent').where('guardian_id', '=', guardianId).execute()
        await touchHousehold(c, tx, householdId)
      }
      const views = await tx.updateTable('document_view').set({ viewer_id: null, viewer_name: null }).where('viewer_id', '=', id).executeTakeFirstOrThrow()
      await tx.deleteFrom('request').where('account_id', '=', id).execute()
      return guardians.length + requests.length + Number(views.numUpdatedRows)
    })
    for (const file of files) await c.files.delete(file)
    if (guardians.length === 0) return { erased }
    return {
      erased,
      kept: [{
        what: { fr: 'Le nom des responsables, les enfants et leur dossier', en: 'The names of guardians, the children and their records' },
        because: {
          fr: 'Les enfants sont aussi ceux de l’autre responsable, et les comptes de la régie nomment qui doit payer (code général des collectivités territoriales, art. R. 1617-1 et suivants ; conservation de dix ans).',
          en: 'The children are the other guardian’s too, and the accounts of the régie name who has to pay (code général des collectivités territoriales, art. R. 1617-1 et seq.; kept for ten years).',
        },
      }],
    }
  },

  expire: expireTable,
}

function guardiansOf(c: FamiliesContext, { id, email }: { readonly id: string; readonly email: string | undefined }): Promise<readonly Tables['guardian'][]> {
  return c.db.selectFrom('guardian').selectAll().where((where) => {
    const linked = where('account_id', '=', id)
    // An address decides only for who has no account: another account's guardian is never this person.
    return email === undefined ? linked : where.or([linked, where.and([where('account_id', 'is', null), where('email', '=', email.toLowerCase())])])
  }).execute()
}

/** Lets go of what nobody needs any more. Children go by the end of their last school year, with their health record and documents; a household with its last child. */
async function expireTable(c: FamiliesContext, { table, before }: PrivacyExpired<Tables>): Promise<PrivacyExpiry> {
  const [day, moment] = [before.toISOString().slice(0, 10), before.toISOString()]
  switch (table) {
    case 'child': return expireChildren(c, day, moment)
    case 'household': return c.transaction((tx) => expireHouseholds(tx, moment))
    case 'quotient': return c.transaction(async (tx) => {
      const old = await tx.selectFrom('quotient').select('id').where('last_day', '<', day).limit(STEP).execute()
      if (old.length > 0) await tx.deleteFrom('quotient').where('id', 'in', old.map(({ id }) => id)).execute()
      return { expired: old.length, hasMore: old.length === STEP }
    })
    case 'document': {
      const old = await c.db.selectFrom('document').select(['id', 'file_id']).where((or) => or.or([or('valid_until', '<', day), or.and([or('valid_until', 'is', null), or('uploaded_at', '<', moment)])])).limit(STEP).execute()
      if (old.length === 0) return { expired: 0 }
      await c.transaction(async (tx) => {
        await tx.deleteFrom('document_view').where('document_id', 'in', old.map(({ id }) => id)).execute()
        await tx.deleteFrom('document').where('id', 'in', old.map(({ id }) => id)).execute()
      })
      for (const { file_id: file } of old) await c.files.delete(file)
      return { expired: old.length, hasMore: old.length === STEP }
    }
    case 'document_view': return c.transaction(async (tx) => {
      const old = await tx.selectFrom('document_view').select('id').where('viewed_at', '<', moment).limit(STEP).execute()
      if (old.length > 0) await tx.deleteFrom('document_view').where('id', 'in', old.map(({ id }) => id)).execute()
      return { expired: old.length, hasMore: old.length === STEP }
    })
    case 'request': return expireRequests(c, moment)
    // Guardians go with their household; health and pick-up persons with their child.
    default: return { expired: 0 }
  }
}

async function expireChildren(c: FamiliesContext, day: string, moment: string): Promise<PrivacyExpiry> {
  const old = await c.db.selectFrom('child').select(['id', 'household_id']).where('updated_at', '<', moment)
    .where((where) => where.not(where.exists(where.selectFrom('schooling').select('schooling.id').whereRef('schooling.child_id', '=', 'child.id').where('last_day', '>=', day)))).orderBy('id').limit(STEP).execute()
  const records = await openRecords(c, c.db, old.map(({ id }) => id))
  const files = await c.transaction(async (tx) => {
    const gone: string[] = []
    for (const child of old) gone.push(...await deleteChild(tx, child))
    for (const householdId of new Set(old.map((child) => child.household_id))) await touchHousehold(c, tx, householdId)
    return gone
  })
  for (const file of [...files, ...[...records.values()].flatMap(({ pai }) => pai?.protocolId ?? [])]) await c.files.delete(file)
  return { expired: old.length, hasMore: old.length === STEP }
}

async function expireHouseholds(tx: FamiliesTransaction, moment: string): Promise<PrivacyExpiry> {
  const old = await tx.selectFrom('household').select('id').where('updated_at', '<', moment)
    .where((where) => where.not(where.exists(where.selectFrom('child').select('child.id').whereRef('child.household_id', '=', 'household.id')))).orderBy('id').limit(STEP).execute()
  for (const { id } of old) {
    for (const table of ['guardian', 'custody', 'quotient', 'quotient_consent'] as const) await tx.deleteFrom(table).where('household_id', '=', id).execute()
    await tx.deleteFrom('household').where('id', '=', id).execute()
    await tx.emit(HouseholdChanged, { householdId: id, change: 'deleted' })
  }
  return { expired: old.length, hasMore: old.length === STEP }
}

async function expireRequests(c: FamiliesContext, moment: string): Promise<PrivacyExpiry> {
  const old = await c.db.selectFrom('request').selectAll().where('updated_at', '<', moment).orderBy('id').limit(STEP).execute()
  const files = (await Promise.all(old.filter(({ state }) => state === 'draft' || state === 'sent').map(async (row) => filesOf(await openDraft(c, row))))).flat()
  if (old.length > 0) await c.db.deleteFrom('request').where('id', 'in', old.map(({ id }) => id)).execute()
  for (const file of files) await c.files.delete(file)
  return { expired: old.length, hasMore: old.length === STEP }
}
