// Longer than others: the one service of labels, which install, lifecycle, pages and commands ask.
import type { Audit, AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { SYSTEM } from '../lifecycle/system-actor.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { LabelDecisionRow, PlatformTables, ReleaseLabelRow } from '../storage/platform-tables.ts'
import type { Kysely } from 'kysely'
import type { Storage } from '../storage/storage.ts'
import { writeEnvelope } from './dsse.ts'
import type { FoundLabel } from './find-label.ts'
import { labelFault } from './label-fault.ts'
import type { LabelPolicy } from './label-policy.ts'
import { forgetTrust, LabelRows, writeTrust } from './label-rows.ts'
import { isAmiss, type LabelStanding } from './label-standing.ts'
import { lastChange, type StatusList } from './status-list.ts'
import { readTrustRoot, type TrustRoot } from './trust-root.ts'
import { listOf, requireInputs, requireOwnKeys, withBundled, withNewerList, withNewerRoot, type TrustStore } from './trust-store.ts'
import { archiveDigests, listTelling, readLabel, requireGoodStanding, rootKnowing, verifyLabel, type ArchiveDigests, type VerifiedLabel } from './verify-label.ts'
import { forgetWaiting, keepWaiting, setAside, withWaiting } from './waiting-lists.ts'

interface ReleaseKey {
  readonly id: string
  readonly version: string
}

/** What came of looking at the label of an archive. Handed back to `record` with the transaction that installs it. */
export interface Admission {
  /** The label, if there is one. */
  readonly row?: Omit<ReleaseLabelRow, 'taken_at' | 'taken_by'>
  /** What a bundle brought of the certifier, newer than what is known. */
  readonly store?: TrustStore
  /** It holds. */
  readonly verified?: VerifiedLabel
  /** The status list that a bundle brought of a certifier whom nobody trusts yet. */
  readonly waiting?: string
  /** Why a label that is there does not hold, where the policy asks for none. */
  readonly problem?: PlatformError
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: () => Audit
  readonly poolId: () => string
  readonly kernel: string
  /** Puts a release out of service, everywhere. */
  readonly stop: (id: string, version: string, reason: string, by: AuditActor) => Promise<unknown>
}

/** Longest reason of a decision, in characters. */
const LONGEST_REASON = 400
/** What a label may fail at where none is asked for; what else fails was made to deceive, or is known to be bad. */
const FORGIVEN: ReadonlySet<string> = new Set(['LABEL_ROOT_UNKNOWN', 'LABEL_DATES', 'LABEL_KERNEL', 'LABEL_STATUS_STALE'])

/** Labels of the releases on this platform: what is trusted, what the Pool asks for, how each stands. */
export class Labels {
  readonly #deps: Deps
  readonly #rows: LabelRows
  #amiss: readonly LabelStanding[] = []

  constructor(deps: Deps) {
    this.#deps = deps
    this.#rows = new LabelRows(deps.storage)
  }

  /** Releases whose label is suspended or revoked. In memory. */
  get amiss(): readonly LabelStanding[] {
    return this.#amiss
  }

  /** What is amiss is held; another node may bring a newer list. */
  get held(): Reloadable {
    return { tables: ['label_trust', 'release_label', 'label_decision'], reload: () => this.refresh() }
  }

  /** Finds out anew what is amiss. */
  async refresh(): Promise<void> {
    this.#amiss = (await this.standings()).filter(isAmiss)
  }

  policy(): Promise<LabelPolicy> {
    return this.#rows.policy()
  }

  /** Roots of trust, and the newest list of each address. */
  trusted(): Promise<TrustStore> {
    return this.#rows.store()
  }

  async setPolicy(policy: LabelPolicy, by: AuditActor): Promise<void> {
    const text = JSON.stringify(policy)
    await this.#change('label.policy', 'pool', { ...policy }, by, async (tx) => {
      await tx.insertInto('label_policy').values({ id: 'pool', policy_json: text }).onConflict((conflict) => conflict.column('id').doUpdateSet({ policy_json: text })).execute()
    })
  }

  /**
   * Trusts a certifier from now on, or the newer root of one that is trusted already.
   * @param fingerprint - that whoever asks has from elsewhere
   * @throws PlatformError `LABEL_INVALID`, `LABEL_SIGNATURES`, `LABEL_LIST_REFUSED`
   */
  async trust(bytes: Uint8Array, fingerprint: string | undefined, by: AuditActor): Promise<TrustRoot> {
    const root = readTrustRoot(bytes)
    if (fingerprint !== undefined && fingerprint.toLowerCase() !== root.fingerprint) throw labelFault('LABEL_LIST_REFUSED', `The root of trust has the fingerprint ${root.fingerprint}, not the one that was given.`, 'Compare again with the certifier; do not trust this file.')
    const store = await this.#rows.store()
    const known = store.roots.find(({ id }) => id === root.id)
    requireOwnKeys(store.roots, root)
    const next = known === undefined ? { ...store, roots: [...store.roots, root] } : withNewerRoot(store, bytes)
    if (known !== undefined && root.version < known.version) throw labelFault('LABEL_LIST_REFUSED', `Version ${known.version} of the root of ${root.id} is trusted already; this is version ${root.version}.`, 'Get the newest one.')
    const { store: whole, settled } = await withWaiting(this.#deps.storage.platform, next)
    await this.#take(whole, 'label.trusted', root.id, { version: root.version, fingerprint: root.fingerprint }, by, async (tx) => { for (const key of settled) await forgetWaiting(tx, key) })
    return root
  }

  /**
   * Whom to trust first is for a person to say, who has the fingerprint from elsewhere than the file; a newer root is vouched for by the keys of the one that is known. Changes nothing.
   * @throws PlatformError `LABEL_ROOT_UNKNOWN` with the fingerprint that the file has, `LABEL_INVALID`, `LABEL_SIGNATURES`
   */
  async requireCompared(bytes: Uint8Array, fingerprint: string | undefined): Promise<void> {
    const { id, name, fingerprint: own } = readTrustRoot(bytes)
    if (fingerprint !== undefined || (await this.#rows.store()).roots.some((root) => root.id === id)) return
    throw labelFault('LABEL_ROOT_UNKNOWN', `${name} (${id}) is not trusted here, and nothing was changed. This root of trust has the fingerprint ${own}.`,
      'Compare it with what the certifier tells you by another way than this file. If it is the same, run this again with --fingerprint and what you were told.')
  }

  /**
   * Trusts a certifier no longer: its labels stand as those of somebody unknown from now on. What runs goes on.
   * @throws PlatformError `LABEL_ROOT_UNKNOWN`, `LABEL_DECISION_INVALID` while something that runs here is suspended or revoked by it and nobody has decided
   */
  async untrust(id: string, reason: string, by: AuditActor): Promise<{ readonly root: TrustRoot; readonly releases: readonly LabelStanding[] }> {
    const store = await this.#rows.store()
    const root = store.roots.find((one) => one.id === id)
    if (root === undefined) throw labelFault('LABEL_ROOT_UNKNOWN', `${id} is not trusted here.`, 'See who is with `liberacces label show`.')
    const why = requireReason(reason)
    const releases = (await this.standings()).filter((standing) => standing.root?.id === id)
    // Else what it warned of would go by unseen.
    const open = releases.find((standing) => isAmiss(standing) && standing.decision === undefined)
    if (open !== undefined) throw labelFault('LABEL_DECISION_INVALID', `${root.name} has ${open.state} the label of ${open.id} ${open.version}, and nobody has decided about it.`, `Decide first: \`liberacces label decide ${open.id}@${open.version} …\`.`)
    await this.#change('label.untrusted', id, { version: root.version, fingerprint: root.fingerprint, reason: why }, by, async (tx) => {
      await setAside(tx, root, store)
      await forgetTrust(tx, id, store)
    })
    await this.refresh()
    return { root, releases }
  }

  /**
   * Takes in a newer status list.
   * @throws PlatformError `LABEL_ROOT_UNKNOWN`, `LABEL_INVALID`, `LABEL_SIGNATURES`, `LABEL_LIST_REFUSED`
   */
  async update(bytes: Uint8Array, by: AuditActor): Promise<StatusList> {
    const store = await this.#rows.store()
    const next = withNewerList(store, bytes)
    const list = next.lists.find((one) => !store.lists.includes(one))
    if (list === undefined) throw labelFault('LABEL_LIST_REFUSED', 'A newer status list is known already.', 'Get the newest one: an older one hides what happened since.')
    await this.#take(next, 'label.list-taken', list.uri, { version: list.version, issued: list.issued }, by)
    await this.sweep()
    return list
  }

  /**
   * Looks at the label of an archive that is about to be installed, by the policy.
   * @throws PlatformError `LABEL_…`, the first thing that fails
   */
  async admit({ id, version }: ReleaseKey, found: FoundLabel): Promise<Admission> {
    const policy = await this.#rows.policy()
    if (found.label === undefined) {
      if (policy.require === 'none') return {}
      throw missing(id, version, policy)
    }
    const archive = archiveDigests(found.archive)
    const { statement: { predicate } } = readLabel(found.label)
    if (predicate.plugin.id !== id || predicate.plugin.version !== version) throw labelFault('LABEL_DIGEST', `The label is for ${predicate.plugin.id} ${predicate.plugin.version}; the archive holds ${id} ${version}.`, 'Give the label of this archive.')
    const row: Admission['row'] = { id, version, sha256: archive.sha256, sha512: archive.sha512, label: found.label.toString(), grade: predicate.grade, not_after: predicate.notAfter }
    const store = await this.#rows.store()
    const rooted = withBundled(store, found.root === undefined ? {} : { root: found.root })
    const isStranger = rootKnowing(readLabel(found.label).envelope, rooted.roots) === undefined
    const next = isStranger ? rooted : withBundled(store, found)
    try {
      const verified = this.#verify(found.label, archive, next, policy)
      requireInputs(verified.statement, found)
      return { row, verified, ...(next === store ? {} : { store: next }) }
    } catch (error) {
      return { row, problem: forgiven(error, found.label, archive, next, policy), ...(isStranger && found.status !== undefined ? { waiting: found.status.toString() } : {}) }
    }
  }

  /** Writes what `admit` found, in the transaction that installs the release. */
  async record(tx: Kysely<PlatformTables>, { row, store, verified, waiting }: Admission, by: AuditActor): Promise<void> {
    const { outside, audit, poolId } = this.#deps
    if (row === undefined) return
    const stamped = { ...row, taken_at: outside.now(), taken_by: by.name }
    // One that does not hold takes the place of none.
    const { numInsertedOrUpdatedRows: written } = await tx.insertInto('release_label').values(stamped).onConflict((conflict) => {
      const there = conflict.columns(['id', 'version'])
      return verified === undefined ? there.doNothing() : there.doUpdateSet({ label: row.label, grade: row.grade, not_after: row.not_after, taken_at: stamped.taken_at, taken_by: by.name })
    }).executeTakeFirst()
    if (written === 0n) return
    if (waiting !== undefined) await keepWaiting(tx, row, waiting)
    if (store !== undefined) await writeTrust(tx, store, ENVELOPES, outside.now(), by.name)
    await audit().record({ tenantId: poolId(), actor: by, action: 'label.taken', target: row.id, detail: { version: row.version, grade: row.grade, holds: verified !== undefined } }, tx)
  }

  /** A release is gone. */
  async forget(tx: Kysely<PlatformTables>, { id, version }: ReleaseKey): Promise<void> {
    await tx.deleteFrom('release_label').where('id', '=', id).where('version', '=', version).execute()
    await tx.deleteFrom('label_decision').where('id', '=', id).where('version', '=', version).execute()
    await forgetWaiting(tx, { id, version })
  }

  /**
   * Releases that came in archives begin to run somewhere only as the policy allows: labelled, and neither suspended nor revoked. What runs is no concern of this.
   * @throws PlatformError `LABEL_…`
   */
  async requireStartable(releases: readonly ReleaseKey[]): Promise<void> {
    const policy = await this.#rows.policy()
    for (const { id, version } of releases) {
      const row = await this.#rows.label(id, version)
      if (row === undefined) {
        if (policy.require !== 'none' && await this.#rows.isInstalled(id, version)) throw missing(id, version, policy)
        continue
      }
      const store = await this.#rows.store()
      const problem = this.#standing(row, store, policy, []).fault
      if (problem !== undefined) forgiven(problem, Buffer.from(row.label), row, store, policy)
    }
  }

  /** Every label on this platform, as it stands now. */
  async standings(): Promise<readonly LabelStanding[]> {
    const [policy, store, rows, decisions] = [await this.#rows.policy(), await this.#rows.store(), await this.#rows.labels(), await this.#rows.decisions()]
    return rows.map((row) => this.#standing(row, store, policy, decisions).standing)
  }

  /**
   * Decides about a release whose label is suspended or revoked, which runs on until somebody does: on record with its reason.
   * @throws PlatformError `LABEL_DECISION_INVALID`
   */
  async decide({ id, version }: ReleaseKey, decision: 'continue' | 'stop', reason: string, by: AuditActor): Promise<LabelStanding> {
    const standing = (await this.standings()).find((one) => one.id === id && one.version === version)
    const refuse = (what: string, fix: string): never => { throw labelFault('LABEL_DECISION_INVALID', what, fix) }
    if (standing === undefined || !isAmiss(standing) || standing.change === undefined) return refuse(`There is nothing to decide about ${id} ${version}: its label is ${standing === undefined ? 'missing' : standing.state}.`, 'See `liberacces label show`.')
    if (standing.state === 'revoked' && decision === 'continue') refuse(`The label of ${id} ${version} is revoked: it cannot be kept on.`, `It is put out of service on ${standing.change.disableAt ?? standing.change.at}. Bring another release in until then.`)
    const why = requireReason(reason)
    // Stopped first: a crash in between leaves it stopped, and to be decided again.
    if (decision === 'stop') await this.#deps.stop(id, version, why, by)
    await this.#decided(standing.change.at, { id, version }, decision, why, standing.state, by)
    await this.refresh()
    return (await this.standings()).find((one) => one.id === id && one.version === version) ?? standing
  }

  /** Puts out of service what was revoked and whose published day has come: once, told in the audit trail, and undone by an operator who says so. Called each minute. */
  async sweep(): Promise<void> {
    await this.refresh()
    const now = this.#deps.outside.now()
    for (const { id, version, state, change, decision } of this.#amiss) {
      if (state !== 'revoked' || change === undefined || decision?.decision === 'stop') continue
      if (Date.parse(change.disableAt ?? change.at) > now) continue
      const reason = `Label révoqué par le certificateur le ${change.at.slice(0, 10)} (${change.reason}).`
      await this.#deps.stop(id, version, reason, SYSTEM)
      await this.#decided(change.at, { id, version }, 'stop', reason, state, SYSTEM)
    }
    if (this.#amiss.length > 0) await this.refresh()
  }

  async #decided(changeAt: string, { id, version }: ReleaseKey, decision: 'continue' | 'stop', reason: string, state: string, by: AuditActor): Promise<void> {
    const row: LabelDecisionRow = { id, version, change_at: changeAt, decision, reason, decided_at: this.#deps.outside.now(), by_name: by.name }
    await this.#change('label.decided', id, { version, decision, reason, label: state }, by, async (tx) => {
      await tx.insertInto('label_decision').values(row).onConflict((conflict) => conflict.columns(['id', 'version', 'change_at']).doUpdateSet({ decision, reason, decided_at: row.decided_at, by_name: by.name })).execute()
    })
  }

  async #take(store: TrustStore, action: string, target: string, detail: Readonly<Record<string, string | number>>, by: AuditActor, more?: (tx: Kysely<PlatformTables>) => Promise<void>): Promise<void> {
    await this.#change(action, target, detail, by, async (tx) => {
      await writeTrust(tx, store, ENVELOPES, this.#deps.outside.now(), by.name)
      await more?.(tx)
    })
    await this.refresh()
  }

  async #change(action: string, target: string, detail: Readonly<Record<string, string | number>>, by: AuditActor, body: (tx: Kysely<PlatformTables>) => Promise<void>): Promise<void> {
    const { storage, audit, poolId } = this.#deps
    await storage.platformTransaction(async (tx) => {
      await body(tx)
      await audit().record({ tenantId: poolId(), actor: by, action, target, detail }, tx)
    })
  }

  #verify(label: Uint8Array, archive: { readonly sha256: string; readonly sha512: string }, store: TrustStore, policy: LabelPolicy): VerifiedLabel {
    return verifyLabel(label, { archive, roots: store.roots, statusOf: (uri, rootId) => listOf(store, uri, rootId), policy, kernel: this.#deps.kernel, now: this.#deps.outside.now() })
  }

  #standing({ id, version, sha256, sha512, label }: ReleaseLabelRow, store: TrustStore, policy: LabelPolicy, decisions: readonly LabelDecisionRow[]): { readonly standing: LabelStanding; readonly fault?: PlatformError } {
    const bytes = Buffer.from(label)
    const read = readLabel(bytes)
    const { grade, vendor, kernelRange, notAfter, status } = read.statement.predicate
    const list = listTelling(read, sha256, store.roots, store.lists)
    const change = list === undefined ? undefined : lastChange(list, status.idx)
    const decided = change === undefined ? undefined : decisions.find((row) => row.id === id && row.version === version && row.change_at === change.at)
    const root = rootKnowing(read.envelope, store.roots)
    const about: Omit<LabelStanding, 'warnings'> = {
      id, version, grade, vendor, kernelRange, notAfter, state: list?.states[status.idx] ?? 'valid',
      ...(root === undefined ? {} : { certifier: root.name, root: { id: root.id, fingerprint: root.fingerprint } }), ...(change === undefined ? {} : { change }),
      ...(decided === undefined ? {} : { decision: { decision: decided.decision, reason: decided.reason, at: decided.decided_at, by: decided.by_name } }),
    }
    try {
      return { standing: { ...about, warnings: this.#verify(bytes, { sha256, sha512 }, store, policy).warnings } }
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error
      return { standing: { ...about, problem: { code: error.code, message: error.message }, warnings: [] }, fault: error }
    }
  }
}

/**
 * Why a label does not hold that need not, where none is asked for.
 * @throws PlatformError what is not forgiven: most of all that the label is revoked or suspended, also when it failed at something else first
 */
function forgiven(error: unknown, label: Uint8Array, { sha256 }: Pick<ArchiveDigests, 'sha256'>, { roots, lists }: TrustStore, { require }: LabelPolicy): PlatformError {
  if (!(error instanceof PlatformError) || require !== 'none' || !FORGIVEN.has(error.code)) throw error
  const read = readLabel(label)
  requireGoodStanding(read.statement, listTelling(read, sha256, roots, lists))
  return error
}

/** @throws PlatformError `LABEL_DECISION_INVALID` */
function requireReason(reason: string): string {
  const why = reason.trim()
  if (why.length < 10 || why.length > LONGEST_REASON) throw labelFault('LABEL_DECISION_INVALID', `A decision is made for a reason of 10 to ${LONGEST_REASON} characters.`, 'Say why: it stands in the audit trail.')
  return why
}

const ENVELOPES = { of: ({ envelope }: TrustRoot | StatusList): string => writeEnvelope(envelope).toString() }

function missing(id: string, version: string, { require }: LabelPolicy): PlatformError {
  return labelFault('LABEL_MISSING', `${id} ${version} has no label; this Pool requires one of the grade ${require} at least.`, 'Install it from its .labelbundle, or with its .label.json beside the archive; or change the policy: `liberacces label policy`.')
}
