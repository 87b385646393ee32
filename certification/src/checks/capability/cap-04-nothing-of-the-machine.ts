import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { denialsOf, isNetwork } from '../../kernel/denials.ts'

/** The plugin does not reach for files, programs or other things of the machine. */
export const nothingOfTheMachine: Check<'kernel'> = {
  id: 'CAP-04', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'L’application ne touche pas à la machine', en: 'The plugin does not touch the machine' },
  rationale: {
    fr: 'Sur le serveur se trouvent les données et les secrets de toutes les communes. Une application n’y lit aucun fichier et n’y lance aucun programme.',
    en: 'The server holds the data and secrets of all local authorities. A plugin reads no file there and starts no program.',
  },
  howToFix: 'Use c.files for files, c.settings for what the operator decides, c.secrets for keys. Bundle what is read from node_modules at run time.',
  example: { bad: "readFileSync('/etc/hosts')", good: 'await c.files.get(id)' },
  refs: { cwe: [73, 552] },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`What it touches is seen by the walls of a process. ${stage.runtime.why}`] }
    const { ground } = await stage.tour()
    return findings(denialsOf(ground).filter((denial) => !isNetwork(denial)).map(({ permission, resource }): Finding => ({
      message: `It tried ${permission}${resource === '' ? '' : ` on ${resource}`}.`, fix: this.howToFix, evidence: ['refused by the walls of its process'],
    })))
  },
}
