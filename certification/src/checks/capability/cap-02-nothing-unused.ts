import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { nameOfEndpoint } from '../../kernel/exchange.ts'
import { PARTNERS_FILE } from '../../partners/read-partners.ts'

/** What the manifest asks for is used; where all was gone through, what was not seen is too much. */
export const nothingUnused: Check<'kernel'> = {
  id: 'CAP-02', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Tout ce que l’application demande lui sert', en: 'Everything that the plugin asks for, it uses' },
  rationale: {
    fr: 'Un droit demandé « au cas où » est un risque que la collectivité accepte pour rien.',
    en: 'A right asked for just in case is a risk that a local authority takes for nothing.',
  },
  howToFix: 'Take the scope out of the manifest; it can come back with the version that needs it, and consent is asked then.',
  example: { bad: "scopes: ['db', 'files', 'mail:send', 'net:*']  // only c.db is used", good: "scopes: ['db']" },
  refs: { cwe: [250] },
  async run(stage) {
    if (stage.wrongPartners.length > 0) {
      return findings(stage.wrongPartners.map((problem): Finding => ({ message: `What is said of its partners cannot be played: ${problem}`, fix: 'Correct it, and pack with `liberacces-certify pack`, which looks at it.', file: PARTNERS_FILE, evidence: [] })))
    }
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`What is used is seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const { manifest } = stage
    // Who is away was asked all the same.
    const asked = tour.ground.asked.filter(({ refused }) => refused === undefined || refused === 'failed' || refused === 'EGRESS_FAILED')
    const used = (scope: string): boolean => asked.some((one) => one.scope === scope || (['net:*', 'tcp:*'].includes(scope) && one.scope?.startsWith(scope.slice(0, -1)) === true)) || (scope === 'events:read:*' && manifest.handles.some(({ event }) => event === '*'))
    // A script of a page is asked for by the browser, and its page says that it loads it.
    const hasScript = tour.exchanges.some(({ endpoint, status, text }) => endpoint?.kind === 'page' && endpoint.browser !== undefined && status < 400 && text.includes('<script type="module"'))
    const isUsed = (scope: string): boolean => used(scope) || (scope === 'browser' && hasScript) || tour.ground.outside.requests.some(({ url }) => scope === `net:${new URL(url).hostname}`) || (scope === 'files' && tour.exchanges.some(({ endpoint, status }) => endpoint?.kind === 'form' && status < 400 && JSON.stringify(endpoint.schema).includes('"x-widget":"upload"')))
    const unused = manifest.scopes.filter((scope) => !isUsed(scope))
    const unusedOptional = Object.keys(manifest.optionalScopes ?? {}).filter((scope) => !isUsed(scope))
    const minimal = JSON.stringify(manifest.scopes.filter((scope) => !unused.includes(scope)))
    const evidence = [`The minimal manifest by what was seen: "scopes": ${minimal}${manifest.optionalScopes === undefined ? '' : `, "optionalScopes": ${JSON.stringify(Object.keys(manifest.optionalScopes).filter((scope) => !unusedOptional.includes(scope)))}`}`]
    const { partners } = tour.ground
    if (partners.places.length > 0) evidence.push(`Partners were played at ${partners.places.join(', ')}.`, ...partners.strays)
    const all = [...unused, ...unusedOptional]
    if (all.length === 0) return { status: 'pass', evidence }
    if (tour.unreached.length > 0) {
      // What was not reached may be what uses it.
      return { status: 'review', items: [`${all.map((scope) => `"${scope}"`).join(', ')} was not seen to be used, but ${tour.unreached.map(({ endpoint }) => nameOfEndpoint(endpoint)).join(', ')} could not be gone through: look whether it is used there.`, ...evidence] }
    }
    if (partners.strays.length > 0) {
      // What would have come after that may be what uses it.
      return { status: 'review', items: [`${all.map((scope) => `"${scope}"`).join(', ')} was not seen to be used, but a conversation ended before its time: complete ${PARTNERS_FILE}, or look whether it is used for what would have come.`, ...evidence] }
    }
    const away = new Set(tour.ground.asked.flatMap(({ scope, refused }) => (scope?.startsWith('tcp:') === true && refused === 'EGRESS_FAILED' && !partners.places.includes(scope.slice('tcp:'.length)) ? [scope] : [])))
    if (away.size > 0) {
      // Nobody has described who would answer there, or send anything.
      return { status: 'review', items: [`${all.map((scope) => `"${scope}"`).join(', ')} was not seen to be used, but nobody answers at ${[...away].join(', ')}: describe who would in ${PARTNERS_FILE}, or look whether it is used for what comes from there.`, ...evidence] }
    }
    const isConfigured = Object.keys((stage.manifest.settings as { readonly properties?: object }).properties ?? {}).length > 0
    if (isConfigured && all.every((scope) => /^(?:net|tcp):/.test(scope))) {
      // A partner is spoken to once an administrator has said where it is.
      return { status: 'review', items: [`${all.map((scope) => `"${scope}"`).join(', ')} was not seen to be used with the settings as they are: look whether a setting makes it so.`, ...evidence] }
    }
    if (unused.length === 0) {
      // What it can do without it uses where somebody wants it: a mail to who left an address.
      return { status: 'review', items: [`${all.map((scope) => `"${scope}"`).join(', ')}, which it says it can do without, was not seen to be used: look when it is.`, ...evidence] }
    }
    return {
      status: 'fail',
      findings: [{ message: `${all.map((scope) => `"${scope}"`).join(', ')} ${all.length === 1 ? 'is' : 'are'} asked for, and never used while everything was gone through.`, fix: `Declare scopes: ${minimal}.`, file: 'plugin.json', evidence: [...evidence, `${tour.exchanges.length} requests, ${tour.calls.length} other calls`] }],
    }
  },
}
