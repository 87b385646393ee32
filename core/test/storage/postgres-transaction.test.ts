import { expect, test } from 'vitest'
import type { Answer, Connection } from '../../src/storage/postgres/connection.ts'
import { PostgresTransaction } from '../../src/storage/postgres/postgres-transaction.ts'

const said = (code: string, message: string): Error => Object.assign(new Error(message), { code })

/** A connection on which opening a transaction fails, and what is sent behind it fails for that in the very same step. */
function failing(): Connection {
  const answers: ((error: Error) => void)[] = []
  const send = (): Promise<Answer> => new Promise((_resolve, reject) => { answers.push(reject) })
  const fail = (): void => {
    const [begin, ...behind] = answers.splice(0)
    // As the driver does when both answers come in one piece, with the latter a step nearer to who waits.
    setImmediate(() => {
      for (const reject of behind) reject(said('25P02', 'current transaction is aborted'))
      begin?.(said('42501', 'permission denied for schema k_1'))
    })
  }
  return {
    isBroken: false, underWay: 0,
    script: async () => await send(),
    run: () => { const answer = send(); fail(); return answer },
  } as unknown as Connection
}

test('[J91] why a transaction could not be opened is told, not that what came behind it was refused for that', async () => {
  const transaction = new PostgresTransaction({ connection: failing(), release: () => undefined }, { owner: 'plugin "x"', where: 'here', begin: 'begin; select k_1.liberacces_enter()' })
  await expect(transaction.run({ sql: 'select 1', values: [] })).rejects.toMatchObject({ code: 'DB_STATEMENT_REFUSED', cause: { code: '42501' } })
})
