import { sql } from 'kysely'
import { evil } from '../evil-plugin.ts'

/** Lets the database compute without end. */
export default evil('endless-query', async (c) => {
  const endless = sql`with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`
  return [{ what: 'counting without end', got: `done: ${JSON.stringify(await endless.execute(c.db as never))}` }]
})
