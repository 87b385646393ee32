import type { Dossier } from './dossier.ts'
import { isSiren } from './siren.ts'

/** What a rule says of a dossier. */
export interface RuleResult {
  readonly id: string
  readonly title: string
  readonly status: 'pass' | 'fail' | 'review'
  /** What was found, or what a person has to look at. */
  readonly items: readonly string[]
}

/** What a rule is given. */
export interface RuleGround {
  readonly dossier: Dossier
  /** Ids of the keys that signed it. */
  readonly signers: readonly string[]
  /** Of certifiers whose labels count; without any, a person compares. */
  readonly roots: readonly { readonly id: string; readonly fingerprint: string }[]
  readonly now: number
}

interface Rule {
  readonly id: string
  readonly title: string
  judge(ground: RuleGround): Omit<RuleResult, 'id' | 'title'>
}

const DAY_MS = 86_400_000
const pass = (...items: readonly string[]): Omit<RuleResult, 'id' | 'title'> => ({ status: 'pass', items })
const fail = (...items: readonly string[]): Omit<RuleResult, 'id' | 'title'> => ({ status: 'fail', items })
const review = (...items: readonly string[]): Omit<RuleResult, 'id' | 'title'> => ({ status: 'review', items })
const isWithin = (day: string | undefined, days: number, now: number): boolean => day !== undefined && now - Date.parse(day) <= days * DAY_MS && Date.parse(day) <= now + DAY_MS
const NO_EVIDENCE = 'The platform was not asked: collect again with --token-file.'

/** Rules of the label *Intégrateur*: INT of the company, DEP of the deployment that it shows. A number keeps its meaning. */
export const RULES: readonly Rule[] = [
  { id: 'INT-01', title: 'Legal identity, and a key bound to it', judge: ({ dossier: { company }, signers }) => (isSiren(company.siren)
    ? review(`${company.name} (SIREN ${company.siren}) signed with ${signers.map((keyid) => keyid.slice(0, 16)).join(', ')}: see an extract of the register of companies, and that the key is theirs.`)
    : fail(`${company.siren} is no SIREN: its last digit does not fit the others.`)) },
  { id: 'INT-02', title: 'At least one application with a label that holds, in use', judge: ({ dossier: { evidence } }) => {
    if (evidence === undefined) return fail(NO_EVIDENCE)
    const holding = evidence.plugins.filter(({ tenants, label }) => tenants > 0 && label !== undefined && label.problem === undefined && label.state === 'valid')
    return holding.length > 0 ? pass(...holding.map(({ id, version, label }) => `${id} ${version}: ${label?.grade ?? ''}`)) : fail('No application in use has a label that holds on this platform.')
  } },
  { id: 'INT-03', title: 'Two named people who passed the practical test', judge: ({ dossier: { company: { people } } }) => (people.length < 2
    ? fail(`${people.length} ${people.length === 1 ? 'person is' : 'people are'} named.`)
    : review(...people.map(({ name, passedOn }) => `${name}, ${passedOn}: compare with the record of the practical test.`))) },
  { id: 'INT-04', title: 'A reference deployment that a local authority checked', judge: ({ dossier: { company: { reference }, url }, now }) => (reference === undefined
    ? fail('No reference is named.')
    : isWithin(reference.checkedOn, 730, now) ? review(`${reference.collectivite}, ${url}: ask ${reference.checkedBy}, who checked it on ${reference.checkedOn}.`) : fail(`The reference was checked on ${reference.checkedOn}; two years are the most.`)) },
  { id: 'INT-05', title: 'Commitment to support', judge: ({ dossier: { company: { support } } }) => (support === undefined ? fail('No support is promised.') : pass(`${support.contact}, ${support.hours}, answer within ${support.answerWithinHours} hours`)) },
  { id: 'INT-06', title: 'Security contact, notice within 72 hours', judge: ({ dossier: { company: { security } } }) => (security === undefined ? fail('No security contact is named.')
    : security.noticeWithinHours > 72 ? fail(`Notice is given within ${security.noticeWithinHours} hours; 72 are the most.`) : pass(`${security.contact}, notice within ${security.noticeWithinHours} hours`)) },
  { id: 'INT-07', title: 'Reversibility: a plan that was rehearsed', judge: ({ dossier: { company: { reversibility } }, now }) => (reversibility === undefined ? fail('No plan is named.')
    : isWithin(reversibility.rehearsedOn, 365, now) ? review(`Read the plan (${reversibility.plan}) and the record of its rehearsal on ${reversibility.rehearsedOn}.`) : fail(`The plan was rehearsed on ${reversibility.rehearsedOn}; a year is the most.`)) },
  { id: 'INT-08', title: 'No suspension left open for over 30 days', judge: ({ dossier: { evidence }, now }) => {
    if (evidence === undefined) return fail(NO_EVIDENCE)
    const open = evidence.plugins.filter(({ tenants, label }) => tenants > 0 && (label?.state === 'suspended' || label?.state === 'revoked') && !isWithin(label.change?.at, 30, now))
    return open.length === 0 ? pass() : fail(...open.map(({ id, version, label }) => `${id} ${version} is ${label?.state ?? ''} since ${label?.change?.at ?? 'long ago'}, and in use.`))
  } },
  { id: 'DEP-01', title: 'Transport and headers, seen from outside', judge: ({ dossier: { observations } }) => {
    const wrong = observations.filter(({ ok, id }) => !ok && id !== 'accessibility-statement')
    if (observations.length === 0) return fail('Nothing was looked at.')
    return wrong.length === 0 ? pass(`${observations.length} observations`) : fail(...wrong.map(({ id, what }) => `${id}: ${what}`))
  } },
  { id: 'DEP-02', title: 'Labels of all applications that came in archives', judge: ({ dossier: { evidence }, roots }) => {
    if (evidence === undefined) return fail(NO_EVIDENCE)
    const used = evidence.plugins.filter(({ shipped, tenants }) => !shipped && tenants > 0)
    const without = used.filter(({ label }) => label === undefined || label.problem !== undefined)
    if (without.length > 0) return fail(...without.map(({ id, version, label }) => `${id} ${version}: ${label?.problem?.code ?? 'no label'}`))
    const by = (plugin: (typeof used)[number]): string => `${plugin.id} ${plugin.version} by ${plugin.label?.root === undefined ? 'nobody that the platform names' : `${plugin.label.root.id}, root ${plugin.label.root.fingerprint}`}`
    // Whom the platform trusts is for the platform to say; whose labels count here is not.
    if (roots.length === 0) return used.length === 0 ? pass() : review('Compare whose labels these are, or give the root of the certifier with --root.', ...used.map(by))
    const foreign = used.filter(({ label }) => !roots.some(({ id, fingerprint }) => label?.root?.id === id && label.root.fingerprint === fingerprint))
    return foreign.length === 0 ? pass() : fail(...foreign.map((plugin) => `Not a label of the roots that were given: ${by(plugin)}`))
  } },
  { id: 'DEP-03', title: 'A backup of the last 48 hours', judge: ({ dossier: { evidence, at } }) => {
    if (evidence === undefined) return fail(NO_EVIDENCE)
    if (evidence.backup === undefined) return fail('No backup by `liberacces backup` is on record.')
    return Date.parse(at) - Date.parse(evidence.backup.at) <= 2 * DAY_MS ? pass(evidence.backup.at) : fail(`The latest backup is of ${evidence.backup.at}.`)
  } },
  { id: 'DEP-04', title: 'A backup was brought back within the last year', judge: ({ dossier: { company: { restoreDrill } }, now }) => (restoreDrill === undefined ? fail('No restore drill is told of.')
    : isWithin(restoreDrill.on, 365, now) ? review(`Read the record of the drill of ${restoreDrill.on} (${restoreDrill.minutes} minutes): ${restoreDrill.report}`) : fail(`The latest drill was on ${restoreDrill.on}.`)) },
  { id: 'DEP-05', title: 'Upgrades are rehearsed', judge: ({ dossier: { evidence }, now }) => {
    if (evidence === undefined) return fail(NO_EVIDENCE)
    if (evidence.rehearsal === undefined) return fail('No rehearsal of an upgrade over all tenants is on record.')
    const { at, plugin, to, done, failed } = evidence.rehearsal
    if (failed > 0) return fail(`The latest rehearsal (${plugin} ${to}) failed for ${failed} of ${done + failed} tenants.`)
    return isWithin(at, 365, now) ? pass(`${plugin} ${to} on ${at}: ${done} tenants`) : fail(`The latest rehearsal was on ${at}.`)
  } },
  { id: 'DEP-06', title: 'RGAA: a statement, and an audit behind it', judge: ({ dossier: { observations, company: { accessibilityAudit }, evidence } }) => {
    const statement = observations.find(({ id }) => id === 'accessibility-statement')
    const missing = evidence === undefined ? 0 : evidence.accessibility.tenants - evidence.accessibility.withContact
    if (statement?.ok !== true) return fail(statement?.what ?? 'The accessibility statement was not looked at.')
    return review(accessibilityAudit === undefined ? `${statement.what} No audit is told of: the statement must say that there is none.` : `${statement.what} Compare with the audit of ${accessibilityAudit.on} by ${accessibilityAudit.by} (${accessibilityAudit.ratePercent} %).`,
      ...(missing > 0 ? [`${missing} tenants have set no address to write to.`] : []))
  } },
  { id: 'DEP-07', title: 'The article 30 register is complete', judge: ({ dossier: { evidence } }) => (evidence === undefined ? fail(NO_EVIDENCE)
    : evidence.register.incomplete.length > 0 ? fail(...evidence.register.incomplete.slice(0, 20)) : pass(`${evidence.register.stores} tables of ${evidence.register.plugins} applications`)) },
  { id: 'DEP-08', title: 'Logins of agents by the authority\'s own identity provider', judge: ({ dossier: { evidence, company: { sso } } }) => (evidence?.sso.configured === true ? pass()
    : review(sso === undefined ? 'None is configured: say how accounts of people who leave are closed.' : `Not seen by the platform; told: ${sso}`)) },
  { id: 'DEP-09', title: 'Somebody is told when it does not work', judge: ({ dossier: { evidence, company: { monitoring } } }) => (evidence === undefined ? fail(NO_EVIDENCE)
    : !evidence.monitoring.mail ? fail('The platform has no way to send mail, so it tells its operators nothing.')
    : monitoring === undefined ? fail('No monitoring is told of.') : review(`See that it alerts: ${monitoring}`)) },
]

/** Judges a dossier by every rule. */
export function judgeDossier(ground: RuleGround): readonly RuleResult[] {
  return RULES.map((rule) => ({ id: rule.id, title: rule.title, ...rule.judge(ground) }))
}
