import type { Context } from '@liberacces/sdk'
import { evil } from '../evil-plugin.ts'
import { writeMessage } from '../wire.ts'

interface Heard {
  readonly kind?: string
  readonly id?: number
  readonly to?: number
}

/** All that the kernel says to this process, overheard: the program around it reads messages by `JSON.parse`. */
const heard: Heard[] = []
if (process.env['PACKING'] === undefined) {
  const { parse } = JSON
  JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]): unknown => {
    const value: unknown = parse(text, reviver)
    heard.push(value as Heard)
    return value
  }
}

const NAMES = ['tenant', 'tenantId', 'tenant_id', 'origin', 'schema', 'on']
const SQL = 'select id from deed'
/** Numbers of questions and statements that the program around it does not come to. */
let number = 5_000_000

/** Asks by hand, in every way that a message could name somebody else. */
async function forged(call: number, more: object, within: object): Promise<Heard> {
  number += 1
  const id = number
  writeMessage({ kind: 'ask', id, call, what: 'db.run', with: { statement: id, sql: SQL, values: [], ...within }, ...more })
  for (;;) {
    const answer = heard.find(({ to }) => to === id)
    if (answer !== undefined) return answer
    await new Promise((resolve) => { setImmediate(resolve) })
  }
}

/** Asks for what another tenant has: for its own call in the other's name, and for calls of the other that are over. */
export default evil('asks-for-another', async (c, { way, tenantId = '' }) => {
  const calls = heard.filter(({ kind }) => kind === 'call').map(({ id = 0 }) => id)
  const own = calls.at(-1) ?? 0
  if (way === 'name') return [{ what: 'named', got: JSON.stringify(await forged(own, { tenant: tenantId }, {})) }]
  if (way !== 'ask') {
    await (c as unknown as Context).transaction(async (tx) => { await tx.insertInto('deed' as never).values({ id: way } as never).execute() })
    return [{ what: 'planted', got: String(own) }]
  }
  const tries: Record<string, Promise<Heard>> = {
    'as it may': forged(own, {}, {}),
    ...Object.fromEntries(NAMES.map((name) => [`${name} in what is asked`, forged(own, {}, { [name]: tenantId })] as const)),
    ...Object.fromEntries(calls.slice(0, -1).map((call) => [`call ${call}, which is over`, forged(call, {}, {})] as const)),
  }
  const made = []
  for (const [what, answer] of Object.entries(tries)) made.push({ what, got: JSON.stringify(await answer) })
  return made
}, {
  callMs: 5_000,
  migrations: {
    '0001-deed': {
      up: async (db) => { await db.schema.createTable('deed').addColumn('id', 'text').execute() },
      down: async (db) => { await db.schema.dropTable('deed').execute() },
    },
  },
})
