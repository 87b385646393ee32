import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { promisedSupportOf } from '../parts/promised-support-of.ts'

const ADDRESS = /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
/** Beyond this a promise is none. */
const MOST_DAYS = 90

/** Who helps, whom to tell of a hole, how soon it is mended, and until when. */
export const promisedSupport: Check<'package'> = {
  id: 'OPS-03', since: '1.0', level: 'silver', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Le soutien est promis et daté', en: 'Support is promised, with dates' },
  rationale: {
    fr: 'Une collectivité garde une application dix ans : elle doit savoir qui appeler, sous quel délai une faille est corrigée, et quand cela s’arrête.',
    en: 'A local authority keeps a plugin for ten years: it must know whom to call, how soon a hole is mended, and when that ends.',
  },
  howToFix: 'Write "liberacces": { "support": { "contact": "mailto:…", "security": "mailto:…", "fixDays": 30, "endOfLife": "2030-12-31" } } into package.json.',
  example: { bad: 'package.json without "liberacces.support"', good: '"support": { "contact": "https://example.org/help", "security": "mailto:security@example.org", "fixDays": 30, "endOfLife": "2030-12-31" }' },
  refs: { article: 'CRA article 13, 8 à 10' },
  async run({ files }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const support = promisedSupportOf(files)
    if (support === 'unreadable') return { status: 'skip', why: 'Its package.json is no JSON; see MAN-01.' }
    const { howToFix: fix } = this
    const missing = (message: string): Finding => ({ message, fix, file: 'package.json', evidence: [] })
    if (support === undefined) return findings([missing('It promises no support: there is no "liberacces.support" in its package.json.')])
    const { contact, security, fixDays, endOfLife } = support
    return findings([
      ...(typeof contact === 'string' && ADDRESS.test(contact) ? [] : [missing('support.contact is no mailto: or https: address: nobody knows whom to ask.')]),
      ...(typeof security === 'string' && ADDRESS.test(security) ? [] : [missing('support.security is no mailto: or https: address: who finds a hole cannot tell you.')]),
      ...(typeof fixDays === 'number' && Number.isInteger(fixDays) && fixDays >= 1 && fixDays <= MOST_DAYS ? [] : [missing(`support.fixDays is not 1 to ${MOST_DAYS}: nobody knows how soon a hole is mended.`)]),
      ...(typeof endOfLife === 'string' && DAY.test(endOfLife) && !Number.isNaN(Date.parse(endOfLife)) ? [] : [missing('support.endOfLife is no day such as 2030-12-31: nobody knows until when.')]),
    ], [JSON.stringify(support)])
  },
}
