/** Turns what PostgreSQL says into what SQLite would have said: numbers, text, bytes and null. */
type Parse = (text: string) => string | number | Uint8Array

const asNumber: Parse = Number
const asFlag: Parse = (text) => (text === 't' ? 1 : 0)
const asBytes: Parse = (text) => Buffer.from(text.slice(2), 'hex') // always `\x…`: `bytea_output` is hex since 9.0
const asIs: Parse = (text) => text

// Object ids of pg_catalog.pg_type; they never change.
const PARSERS: ReadonlyMap<number, Parse> = new Map([
  [16, asFlag], // bool
  [17, asBytes], // bytea
  [20, asNumber], [21, asNumber], [23, asNumber], [26, asNumber], // int8, int2, int4, oid
  [700, asNumber], [701, asNumber], [1700, asNumber], // float4, float8, numeric
])

/** What node-postgres asks for the type of each column. */
export const POSTGRES_TYPES: { getTypeParser(oid: number, format?: string): Parse } = { getTypeParser: (oid) => PARSERS.get(oid) ?? asIs }
