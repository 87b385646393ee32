import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { describeExchange, nameOfEndpoint } from '../../kernel/exchange.ts'
import { changes } from '../../kernel/endpoint-kinds.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** Rows that are made besides. */
const MORE = 6

/** A list takes as many statements for many rows as for few. */
export const steady: Check<'kernel'> = {
  id: 'PRF-03', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Une liste longue ne coûte pas une requête par ligne', en: 'A long list does not cost a statement for each line' },
  rationale: {
    fr: 'Rapide en démonstration, inutilisable au bout d’un an : chaque ligne ajoute une requête, pour tous ceux qui ouvrent la page.',
    en: 'Fast when it is shown, of no use after a year: every line adds a statement, for everybody who opens the page.',
  },
  howToFix: "Ask for all lines at once: a join, or where('id', 'in', ids).",
  example: { bad: 'for (const note of notes) await author(c, note.author_id)', good: "selectFrom('note').innerJoin('author', …)" },
  async run(stage, signal) {
    if (stage.runtime.kind === 'inline') return { status: 'review', items: [`Statements are counted at the border of a process. ${stage.runtime.why}`] }
    const lab = await stage.lab()
    const { ground } = lab
    const traveller = new Traveller(ground, lab.tenant, stage.seed)
    await traveller.readIds()
    const lists = traveller.endpoints.filter((endpoint) => !endpoint.path.includes(':') && !changes(endpoint))
    const writers = traveller.endpoints.filter((endpoint) => !endpoint.path.includes(':') && changes(endpoint) && endpoint.kind !== 'action')
    const measure = async () => new Map(await inTurn(lists, async (endpoint) => {
      const exchange = await traveller.visit(endpoint)
      return [endpoint, { exchange, statements: ground.asked.filter(({ traceId, what }) => traceId === exchange.traceId && (what === 'db.run' || what === 'tx.run' || what === 'use')).length }] as const
    }))
    let made = 0
    const [few, many] = await lab.undone(async () => {
      const before = await measure()
      for (let turn = 0; turn < MORE && !signal.aborted; turn += 1) for (const writer of writers) if ((await traveller.visit(writer, { variant: 11 + 2 * turn })).status < 400) made += 1
      await ground.settle()
      return [before, await measure()] as const
    })
    if (made < MORE) return { status: 'skip', why: 'Too little could be made to compare.' }
    const found = lists.flatMap((endpoint): readonly Finding[] => {
      const [was, is] = [few.get(endpoint), many.get(endpoint)]
      if (was === undefined || is === undefined || is.exchange.status >= 400 || is.statements - was.statements < MORE - 1) return []
      return [{ message: `${nameOfEndpoint(endpoint)} takes ${is.statements} statements where it took ${was.statements} with ${MORE} rows less.`, fix: this.howToFix, evidence: [describeExchange(is.exchange)] }]
    })
    return findings(found, [`${lists.length} pages and answers, before and after ${made} more rows`])
  },
}

async function inTurn<Item, Result>(items: readonly Item[], body: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await body(item))
  return results
}
