import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** What the plugin says goes through the log of the platform, where it has a tenant and a trace. */
export const structuredLog: Check<'kernel'> = {
  id: 'OPS-01', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'L’application écrit dans le journal de la plateforme', en: 'The plugin writes to the log of the platform' },
  rationale: {
    fr: 'Une ligne sans commune ni numéro de trace ne sert à personne le jour où il faut comprendre une panne.',
    en: 'A line without tenant or trace is of no use on the day when somebody has to understand a failure.',
  },
  howToFix: 'Use c.log, which adds plugin, release, tenant and trace; leave console out, in bundled packages too.',
  example: { bad: "console.log('imported', count)", good: "c.log.info('imported', { count })" },
  async run(stage) {
    const { ground } = await stage.tour()
    const lines = ground.log.lines().filter(({ plugin, line }) => plugin === stage.manifest.id && typeof line === 'string')
    const texts = [...new Set(lines.map(({ line }) => String(line)))]
    return findings(texts.slice(0, 5).map((text): Finding => ({ message: `It writes to its own output: ${text.slice(0, 120)}`, fix: this.howToFix, evidence: ['console.log, or a write to process.stdout or process.stderr'] })))
  },
}
