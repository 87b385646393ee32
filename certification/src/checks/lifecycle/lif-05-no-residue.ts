import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { fillTenant } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** Purged, nothing of it is left but the archive and a trail that says who did what, without what was in it. */
export const noResidue: Check<'kernel'> = {
  id: 'LIF-05', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Purgée, l’application ne laisse rien derrière elle', en: 'Purged, the plugin leaves nothing behind' },
  rationale: {
    fr: 'La purge est une promesse faite aux habitants. La piste d’audit reste, elle : ce qu’une application y recopie ne s’efface plus.',
    en: 'A purge is a promise made to residents. The audit trail stays: what a plugin copies into it can never be erased.',
  },
  howToFix: 'Write ids and dotted verbs into the audit trail, not what people have typed. Let other plugins have ids, not copies.',
  example: { bad: "c.audit('note.written', id, { text: body.text })", good: "c.audit('note.written', id)" },
  async run(stage, signal) {
    const { ground } = await stage.lab()
    const { platform, beta } = ground
    const { id } = stage.manifest
    const traveller = new Traveller(ground, beta, stage.seed)
    await fillTenant(traveller, signal)
    await ground.settle()
    await platform.installations.disable(beta.id, id, CERTIFIER)
    const { residue } = await platform.removal.purge(beta.id, id, CERTIFIER)
    const found: Finding[] = Object.entries(residue).filter(([, count]) => count > 0).map(([kind, count]) => ({ message: `After the purge ${count} of its ${kind} are left.`, fix: this.howToFix, evidence: [] }))
    const resident = beta.persona('citizen')
    const trail = await platform.storage.platform.selectFrom('audit').selectAll().where('tenant_id', '=', beta.id).where('plugin_id', '=', id).execute()
    for (const row of trail) {
      const said = `${row.action} ${row.target} ${row.detail_json ?? ''}`
      const typed = traveller.pens.find(({ persona }) => persona === resident.label)?.foundIn(said)[0]?.text ?? [resident.nir, resident.email, resident.name].find((text) => said.includes(text))
      if (typed === undefined || found.length > 0) continue
      found.push({ message: `After the purge the audit trail still holds what a resident has typed or is called, in "${row.action}".`, fix: this.howToFix, evidence: [said.slice(0, 300)] })
    }
    return findings(found, [`${trail.length} lines of the audit trail`])
  },
}
