import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { denialsOf, isNetwork } from '../../kernel/denials.ts'
import { firstOfEach, whereAsked } from '../../kernel/where-asked.ts'

/** The plugin speaks to the hosts that it declares, through the platform, and to no others. */
export const declaredHosts: Check<'kernel'> = {
  id: 'CAP-03', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 120_000,
  title: { fr: 'L’application ne parle qu’aux sites qu’elle déclare', en: 'The plugin speaks only to the hosts that it declares' },
  rationale: {
    fr: 'Les données des habitants ne doivent partir que vers les destinataires inscrits au registre.',
    en: 'Data of residents may leave only for the recipients that the register names.',
  },
  howToFix: 'Use c.fetch, and name each host in scopes as net:<host>. Node\'s own network is closed to plugins.',
  example: { bad: "fetch('https://stats.example.com/beacon')", good: "scopes: ['net:api.example.fr'] … await c.fetch('https://api.example.fr/…')" },
  refs: { cwe: [200, 918] },
  async run(stage) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`Which hosts it speaks to is seen at the border of a process. ${stage.runtime.why}`] }
    const tour = await stage.tour()
    const refused = tour.ground.asked.filter(({ refused: code, scope }) => scope?.startsWith('net:') === true && (code === 'SCOPE_MISSING' || code === 'EGRESS_REFUSED'))
    const byHost = firstOfEach(refused, ({ scope }) => scope?.slice(4) ?? '?')
    const denied = denialsOf(tour.ground).filter(isNetwork)
    return findings([
      ...byHost.map(([host, asked]): Finding => ({ message: `It asked for ${host}, which its manifest does not name as net:${host}.`, fix: this.howToFix, evidence: [asked.why ?? '', whereAsked(tour, asked)] })),
      ...denied.map(({ permission, resource }): Finding => ({ message: `It went to the network by itself${resource === '' ? '' : `: ${resource}`}.`, fix: this.howToFix, evidence: [`${permission} ${resource}, refused by the walls of its process`] })),
    ])
  },
}
