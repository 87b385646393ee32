import type { Connection } from './connection.ts'

/** Names of constraints, and of indexes that are made for them, say how a table came about and not what it is: they are left out. */
const SHAPE = `
  select json_agg(json_build_array(kind, about, said) order by kind, about, said)::text as shape from (
    select 'column' as kind, c.relname || '.' || a.attname as about, concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
        'default ' || pg_get_expr(d.adbin, d.adrelid), nullif('identity ' || a.attidentity::text, 'identity '), nullif('generated ' || a.attgenerated::text, 'generated '), 'collate ' || l.collname) as said
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum left join pg_collation l on l.oid = a.attcollation
      where c.relnamespace = $1::regnamespace and c.relkind = 'r'
    union all select 'constraint', c.relname, pg_get_constraintdef(k.oid) from pg_constraint k join pg_class c on c.oid = k.conrelid where k.connamespace = $1::regnamespace and k.contype <> 'n'
    union all select 'index', c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = $1::regnamespace and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
    union all select 'view', c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'v'
  ) as parts`

/** What a plugin's tables in a schema are, in the database's own words: the same for two schemas whose tables are the same. */
export async function shapeOfSchema(connection: Connection, schema: string): Promise<string> {
  const { rows } = await connection.run({ sql: SHAPE, values: [schema] })
  return ((rows[0] as { readonly shape: string | null } | undefined)?.shape ?? '[]').replaceAll(`${schema}.`, '')
}
