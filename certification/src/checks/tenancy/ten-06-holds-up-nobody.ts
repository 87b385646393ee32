import type { Endpoint } from '@liberacces/sdk/host'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { nameOfEndpoint, type Exchange } from '../../kernel/exchange.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** Longest that a commune may wait for an answer while another one is held up, in milliseconds: below the time that any call has. */
const LONGEST_MS = 2_000

/** While the data of one tenant is locked, others are served. */
export const holdsUpNobody: Check<'kernel'> = {
  id: 'TEN-06', since: '2.0', level: 'gold', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Une commune ralentie n’en retarde aucune autre', en: 'A local authority that is held up delays no other' },
  rationale: {
    fr: 'Une grande ville importe dix mille lignes, et tous les guichets des petites communes attendent : une file commune dans le code suffit.',
    en: 'A large town imports ten thousand lines, and the counters of all small ones wait: one queue for all in the code is enough.',
  },
  howToFix: 'Let nothing at module level be waited for: no lock, queue or pool that calls of several tenants share. What must come one after the other is ordered by the database, in a transaction.',
  example: { bad: 'await turn; turn = work(c)', good: 'await c.transaction(async (tx) => …)' },
  refs: { cwe: [667] },
  async run(stage, signal) {
    const { ground } = await stage.lab()
    const [alpha, beta] = [ground.alpha, ground.beta].map((tenant) => new Traveller(ground, tenant, stage.seed)) as [Traveller, Traveller]
    const looks = beta.endpoints.filter((endpoint) => !endpoint.path.includes(':') && (endpoint.kind === 'page' || endpoint.kind === 'form' || (endpoint.kind === 'route' && endpoint.method === 'GET')))
      .map((endpoint): Endpoint => (endpoint.kind === 'form' ? { ...endpoint, kind: 'page', title: '' } : endpoint))
    const held = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const lock = ground.platform.storage.kernelTransaction({ tenantId: ground.alpha.id, pluginId: ground.manifest.id }, async (tx) => {
      await tx.selectFrom('liberacces_outbox').select('seq').limit(1).execute()
      begun.resolve()
      await held.promise
    })
    await Promise.race([begun.promise, lock])
    const waiting: Promise<unknown>[] = []
    const found: Finding[] = []
    try {
      for (const endpoint of looks) {
        if (signal.aborted || found.length > 0) break
        waiting.push(alpha.visit(endpoint))
        const asked = beta.visit(endpoint)
        waiting.push(asked)
        if (await isInTime(asked)) continue
        found.push({ message: `${nameOfEndpoint(endpoint)} keeps one commune waiting for as long as the data of another is locked.`, fix: this.howToFix, evidence: [`no answer within ${LONGEST_MS} ms`] })
      }
    } finally {
      held.resolve()
      await Promise.allSettled([lock, ...waiting])
    }
    return findings(found, [`${looks.length} pages and answers`])
  },
}

async function isInTime(asked: Promise<Exchange>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(() => { resolve(false) }, LONGEST_MS)
  try {
    return await Promise.race([asked.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
