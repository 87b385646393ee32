import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { findLeaks, originOf } from '../../kernel/leaks.ts'

/** What a plugin keeps in memory is kept by tenant: an answer made for one is never given to another. */
export const noSharedMemory: Check<'kernel'> = {
  id: 'TEN-03', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Rien de ce qui est gardé en mémoire ne passe d’une commune à l’autre', en: 'Nothing kept in memory passes from one local authority to another' },
  rationale: {
    fr: 'Un même processus sert toutes les communes : un cache sans le nom de la commune donne à la seconde la page de la première.',
    en: 'One process serves all local authorities: a cache without the name of the tenant gives the page of the first to the second.',
  },
  howToFix: 'Keep answers by tenant, or not at all: the platform keeps what contributions render by itself. A cache that is really needed has c.tenant.slug in each of its keys.',
  example: { bad: 'let cached; … return cached ??= await list(c)', good: 'return await list(c)' },
  refs: { cwe: [488, 524] },
  async run(stage) {
    const leaks = (await findLeaks(await stage.tour())).filter(({ kind }) => kind === 'unasked')
    return findings(leaks.map(({ canary, surface, evidence }): Finding => ({
      message: `${surface} gives a text of ${canary.tenant} to people of the other commune, who asked for nothing of it.`, fix: this.howToFix, evidence: [`"${canary.text}", ${originOf(canary)}`, evidence],
    })))
  },
}
