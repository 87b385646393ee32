/** Another plugin that uses the service as its users do, for tests. */
import type { TestAnswer, TestClient } from '@liberacces/certification/testing'
import { definePlugin, Type, type Static } from '@liberacces/sdk'
import { ChildChanged, Families, HouseholdChanged, HouseholdsMerged, QuotientChanged } from '../src/contract.ts'

/** What {@link user} heard, as `event subject change`. */
export const heard: string[] = []

/** What {@link user} heard of merges. */
export const merges: Static<typeof HouseholdsMerged.schema>[] = []

/** `POST /apps/usager/ask/<operation>` with the input answers what the service answered to the acting person. */
export const user = definePlugin()({
  id: 'fr.example.user', version: '1.0.0', path: 'usager', sdk: '^0.1.0', license: 'MIT', title: { fr: 'Usager' }, publisher: { name: 'Example', contact: 'https://example.fr' }, runtime: 'inline',
  scopes: [], privacy: { stores: [] }, messages: { fr: {}, en: {} }, requires: { 'fr.liberacces.families/v1': '*' },
  setup(k) {
    k.on(ChildChanged, async (_c, { data }) => { heard.push(`child ${data.childId} ${data.change}`) })
    k.on(HouseholdChanged, async (_c, { data }) => { heard.push(`household ${data.householdId} ${data.change}`) })
    k.on(HouseholdsMerged, async (_c, { data }) => { merges.push(data) })
    k.on(QuotientChanged, async (_c, { data }) => { heard.push(`quotient ${data.householdId} ${data.from}`) })
    k.route({ method: 'POST', path: '/ask/:operation', audience: 'public', summary: 'Ask', body: Type.Unknown(), response: { 200: Type.Object({ answer: Type.Unknown() }) } }, async (c, { params, body }) => {
      const service = c.use(Families) as unknown as Readonly<Record<string, (input: unknown) => Promise<unknown>>>
      return c.reply(200, { answer: await service[params['operation'] ?? '']?.(body) })
    })
  },
})

/** A file that is one. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')

/** What the service answers to someone. */
export async function ask<Answer>(client: TestClient, operation: string, input: object): Promise<Answer> {
  const answer = await client.post(`/apps/usager/ask/${operation}`, input)
  if (answer.status !== 200) throw new Error(`${operation}: ${answer.status} ${answer.text}`)
  return answer.json<{ answer: Answer }>().answer
}

/** A page as a browser gets it. */
export function page(client: TestClient, path: string): Promise<TestAnswer> {
  return client.get(path, { headers: { accept: 'text/html' } })
}
