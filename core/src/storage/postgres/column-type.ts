import { PlatformError } from '../../errors.ts'

/**
 * What a type of SQLite's is in PostgreSQL. Text compares by its bytes there too (`collate "C"`), whatever the database's own language is:
 * both databases then put the same rows in the same order, and capitals and small letters are the same only where they are ASCII.
 * @throws PlatformError `DB_STATEMENT_REFUSED` for a type that the two understand differently
 */
export function columnType(type: string): string {
  const word = type.toLowerCase().replace(/\s*\(.*$/, '')
  const known = TYPES[word]
  if (known !== undefined) return known
  throw new PlatformError('DB_STATEMENT_REFUSED', `A column of type "${type}" holds other values in PostgreSQL than in SQLite.`, { fix: 'Use text, integer, real or blob: dates and times as ISO 8601 text, yes and no as 1 and 0, amounts as integer cents.' })
}

const TEXT = 'text collate "C"'

const TYPES: Readonly<Record<string, string>> = {
  text: TEXT, varchar: TEXT, char: TEXT, clob: TEXT,
  integer: 'bigint', int: 'bigint', int2: 'bigint', int4: 'bigint', int8: 'bigint', bigint: 'bigint', smallint: 'bigint', tinyint: 'bigint',
  real: 'double precision', 'double precision': 'double precision', double: 'double precision', float: 'double precision', float4: 'double precision', float8: 'double precision',
  blob: 'bytea', bytea: 'bytea', binary: 'bytea', varbinary: 'bytea',
}
