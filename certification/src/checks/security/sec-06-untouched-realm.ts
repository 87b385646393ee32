import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { REALM_PATH, withRealmProbe } from '../../kernel/realm-probe.ts'
import { fillTenant } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** The objects of the language are as they were. */
export const untouchedRealm: Check<'kernel'> = {
  id: 'SEC-06', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'L’application ne modifie pas le langage lui-même', en: 'The plugin does not change the language itself' },
  rationale: {
    fr: 'Un Array.prototype modifié change le comportement de tout le code du processus, y compris celui qui contrôle les droits.',
    en: 'A changed Array.prototype changes what all code of the process does, that which looks after rights included.',
  },
  howToFix: 'Write a function instead of a method on a built-in; leave out polyfills, which Node 22 and later need none of.',
  example: { bad: 'Array.prototype.last = function () { … }', good: 'const last = (list) => list.at(-1)' },
  refs: { cwe: [1321] },
  async run(stage, signal) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`It would be looked at in the process of the harness. ${stage.runtime.why}`] }
    await using ground = await stage.install(await withRealmProbe(stage.files))
    await fillTenant(new Traveller(ground, ground.alpha, stage.seed), signal)
    const answer = await ground.send(ground.alpha, undefined, 'GET', `/apps/${stage.manifest.path}${REALM_PATH}`)
    if (answer.status !== 200) throw new Error(`The probe of the realm answers ${answer.status}: ${answer.text.slice(0, 200)}`)
    return findings(answer.json<readonly string[]>().slice(0, 10).map((change): Finding => ({ message: `It changes the language for all code of its process: ${change}.`, fix: this.howToFix, evidence: [] })))
  },
}
