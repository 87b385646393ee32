import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** Nothing that residents say of themselves gets into the log. */
export const quietLog: Check<'kernel'> = {
  id: 'SEC-10', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'Aucune donnée d’habitant dans les journaux', en: 'No data of residents in the log' },
  rationale: {
    fr: 'Les journaux sont lus par d’autres que les agents du service, copiés chez l’hébergeur et gardés plus longtemps : ils échappent à l’effacement.',
    en: 'Logs are read by others than the staff in charge, copied to the host and kept longer: erasure does not reach them.',
  },
  howToFix: 'Log ids of things, not what is in them: c.log.info("note written", { id }). An error that is thrown names the field, not its value.',
  example: { bad: "c.log.info('written', { email: body.email })", good: "c.log.info('written', { id })" },
  refs: { cwe: [532], article: 'RGPD art. 5(1)(f)' },
  async run(stage) {
    const tour = await stage.tour()
    const { log, manifest, alpha, beta } = tour.ground
    const found = new Map<string, Finding>()
    for (const traveller of [tour.alpha, tour.beta]) {
      const resident = traveller.tenant.persona('citizen')
      const pen = traveller.pens.find(({ persona }) => persona === resident.label)
      for (const line of log.lines()) {
        if (line.plugin !== manifest.id) continue
        const text = JSON.stringify({ ...line, time: undefined })
        const what = [resident.nir, resident.email, resident.name].find((one) => text.includes(one)) ?? pen?.foundIn(text)[0]?.text
        if (what !== undefined && !found.has(line.msg)) found.set(line.msg, { message: `The log line "${line.msg.slice(0, 80)}" holds what a resident has typed or is called.`, fix: this.howToFix, evidence: [text.slice(0, 400)] })
      }
    }
    return findings([...found.values()], [`${log.length} lines of two communes, ${alpha.slug} and ${beta.slug}`])
  },
}
