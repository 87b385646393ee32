import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { firstOfEach, whereAsked } from '../../kernel/where-asked.ts'

/** The plugin asks for nothing that its manifest does not. */
export const nothingUndeclared: Check<'kernel'> = {
  id: 'CAP-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'L’application n’utilise que les droits qu’elle a demandés', en: 'The plugin uses nothing but what it asked for' },
  rationale: {
    fr: 'La collectivité consent à une liste précise. Une application qui essaie davantage, même en vain, n’est pas celle qu’on lui a décrite.',
    en: 'A local authority agrees to a list. A plugin that tries more, even in vain, is not the one it was told about.',
  },
  howToFix: 'Name the scope in scopes or optionalScopes of definePlugin, or remove the call. An optional scope is asked for with c.granted(scope) first.',
  example: { bad: "scopes: ['db'] … await c.files.put(bytes, about)", good: "scopes: ['db', 'files'] … await c.files.put(bytes, about)" },
  refs: { cwe: [250, 285] },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`What is asked for is seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const refused = tour.ground.asked.filter(({ refused: code, scope }) => code === 'SCOPE_MISSING' && scope?.startsWith('net:') !== true)
    const byScope = firstOfEach(refused, ({ scope, what }) => scope ?? what)
    return findings(byScope.map(([scope, asked]): Finding => ({
      message: `It asked for "${scope}", which its manifest does not name.`, fix: this.howToFix, file: 'plugin.json', evidence: [asked.why ?? '', whereAsked(tour, asked)],
    })))
  },
}
