import { definePlugin, defineWorker, Type } from '@liberacces/sdk'

const Link = defineWorker('link')

interface Tables {
  task: { name: string; isDone: number }
  attempt: { task: string }
  work: { task: string }
}

/** Its worker does tasks, one after the other, each in one transaction; in the middle of the first attempt at one that is called "hold…" it stands still. */
export default definePlugin<Tables>()({
  id: 'fr.test.doomed', version: '1.0.0', path: 'doomed', sdk: '*', license: 'MIT', title: { fr: 'Travailleur' }, publisher: { name: 'Test', contact: 'x' },
  runtime: 'process', scopes: ['db'], privacy: { stores: [] }, messages: { fr: { holding: 'En plein travail.', waiting: 'En attente.' }, en: { holding: 'At work.', waiting: 'Waiting.' } },
  migrations: {
    '0001-tasks': {
      up: async (db) => {
        await db.schema.createTable('task').addColumn('name', 'text', (column) => column.primaryKey()).addColumn('isDone', 'integer', (column) => column.notNull().defaultTo(0)).execute()
        await db.schema.createTable('attempt').addColumn('task', 'text').execute()
        await db.schema.createTable('work').addColumn('task', 'text').execute()
      },
      down: async (db) => { for (const table of ['work', 'attempt', 'task']) await db.schema.dropTable(table).execute() },
    },
  },
  setup(k) {
    k.worker(Link, async (w) => {
      for (;;) {
        const next = await w.run('look', async (c) => {
          const task = await c.db.selectFrom('task').select('name').where('isDone', '=', 0).orderBy('name').executeTakeFirst()
          if (task !== undefined) await c.transaction(async (tx) => { await tx.insertInto('attempt').values({ task: task.name }).execute() })
          return task?.name
        })
        if (next === undefined) {
          w.health('working', 'waiting')
          await w.pause()
          continue
        }
        await w.run('do', async (c) => {
          const attempts = await c.db.selectFrom('attempt').select('task').where('task', '=', next).execute()
          await c.transaction(async (tx) => {
            await tx.insertInto('work').values({ task: next }).execute()
            if (next.startsWith('hold') && attempts.length === 1) {
              w.health('working', 'holding')
              await new Promise(() => undefined)
            }
            await tx.updateTable('task').set({ isDone: 1 }).where('name', '=', next).execute()
          })
        }, { timeoutMs: 60_000 })
      }
    })
    k.route({ method: 'POST', path: '/tasks/:name', audience: 'public', summary: 'Adds a task', params: Type.Object({ name: Type.String() }), response: { 204: Type.Null() } }, async (c, { params }) => {
      await c.transaction(async (tx) => { await tx.insertInto('task').values({ name: params.name, isDone: 0 }).execute() })
      c.wake(Link)
      return c.reply(204, null)
    })
    k.route({ method: 'GET', path: '/health', audience: 'public', summary: 'Says how it is', response: { 200: Type.String() } }, (c) => c.reply(200, `${c.health(Link).state}: ${c.health(Link).text ?? ''}`))
    k.route({ method: 'GET', path: '/work', audience: 'public', summary: 'Looks', response: { 200: Type.Object({ done: Type.Array(Type.String()), attempts: Type.Array(Type.String()) }) } }, async (c) => {
      return c.reply(200, {
        done: (await c.db.selectFrom('work').select('task').orderBy('task').execute()).map(({ task }) => task),
        attempts: (await c.db.selectFrom('attempt').select('task').orderBy('task').execute()).map(({ task }) => task),
      })
    })
  },
})
