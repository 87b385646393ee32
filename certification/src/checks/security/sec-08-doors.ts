import type { Endpoint } from '@liberacces/sdk/host'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'
import type { Tour } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** Whoever has no business at an endpoint is refused there, and what is open to all shows nothing of anybody. */
export const doors: Check<'kernel'> = {
  id: 'SEC-08', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Chaque porte refuse qui n’a rien à y faire', en: 'Every door refuses who has no business there' },
  rationale: {
    fr: 'Une adresse que tout le monde peut ouvrir est trouvée par les robots en quelques jours. Ce qu’elle montre des habitants est alors public.',
    en: 'An address that anybody can open is found by robots within days. What it shows of residents is public then.',
  },
  howToFix: 'Give the endpoint a permission and an audience other than public, or leave out of its answer what is about people.',
  example: { bad: "k.route({ path: '/all', audience: 'public', … })  // answers with author_id", good: "k.route({ path: '/all', audience: 'agent', permission: 'note.read', … })" },
  refs: { cwe: [287, 306, 862] },
  async run(stage, signal) {
    const tour = await stage.tour()
    const found: Finding[] = [...openAnswers(tour, this.howToFix)]
    const { tenant, ids } = tour.alpha
    const traveller = new Traveller(tour.ground, tenant, stage.seed)
    const expired = await tour.ground.platform.apiTokens.create(tenant.id, tenant.persona('tenant-admin').id, { label: 'expired', expiresAt: tour.ground.outside.now() + 1 }, { kind: 'operator', id: 'certifier', name: 'Certification' })
    tour.ground.outside.advance(2)
    for (const endpoint of tour.alpha.endpoints) {
      if (signal.aborted || endpoint.permission === undefined) continue
      const params = ids.paramsFor(endpoint)[0] ?? {}
      const lesser = tenant.persona('nobody')
      const identities = [
        ['nobody at all', { persona: undefined }], ['a forged token', { persona: { ...lesser, token: `la_${'x'.repeat(43)}` } }],
        ['an expired token', { persona: { ...lesser, token: expired.token } }], ['a person without the permission', { persona: lesser }],
        ['somebody of another commune', { persona: tour.ground.beta.persona('tenant-admin') }],
      ] as const
      for (const [who, identity] of identities) {
        const answer = await traveller.visit(endpoint, { ...identity, params })
        const isRefused = answer.status === 401 || answer.status === 403 || (answer.status === 303 && answer.location?.startsWith('/auth/login') === true)
        if (!isRefused) found.push({ message: `${nameOfEndpoint(endpoint)} lets ${who} in.`, fix: this.howToFix, evidence: [describeExchange(answer)] })
      }
    }
    return findings(found)
  },
}

/** What identifies a resident, in answers that anybody gets. */
function openAnswers({ exchanges, ground: { alpha, beta } }: Tour, fix: string): readonly Finding[] {
  const residents = [alpha, beta].map((tenant) => tenant.persona('citizen'))
  const byEndpoint = new Map<Endpoint, Finding>()
  for (const exchange of exchanges) {
    const { endpoint, persona, text, status } = exchange
    if (endpoint === undefined || persona !== 'visitor' || status >= 400 || byEndpoint.has(endpoint)) continue
    const resident = residents.find((one) => text.includes(one.id) || text.includes(one.nir) || text.toLowerCase().includes(one.email))
    if (resident === undefined) continue
    const [what, value] = text.includes(resident.id) ? ['account id', resident.id] : text.includes(resident.nir) ? ['NIR', resident.nir] : ['e-mail address', resident.email]
    const at = text.toLowerCase().indexOf(value)
    byEndpoint.set(endpoint, { message: `${nameOfEndpoint(endpoint)} shows the ${what} of a resident to anybody.`, fix, evidence: [describeExchange(exchange), `…${text.slice(Math.max(0, at - 12), at + value.length + 2)}…`] })
  }
  return [...byEndpoint.values()]
}
