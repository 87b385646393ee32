import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { sql, type Kysely } from 'kysely'
import type { PlatformTables } from '../storage/platform-tables.ts'
import type { LeavingTable } from './kernel-tables.ts'

/** Rows read at a time: the kernel's thread is not held up for long. */
const BATCH = 500

/** A row as it stands in a line: what JSON has, and nothing else. */
export type LineRow = Readonly<Record<string, string | number | null>>

/**
 * Writes the rows of a tenant in one of the kernel's tables to a file, a JSON object a line.
 * @param change - what the line holds instead of the row
 * @returns how many
 */
export async function writeTable(platform: Kysely<PlatformTables>, table: LeavingTable, tenantId: string, path: string, change: (row: LineRow) => LineRow): Promise<number> {
  const file = await open(path, 'wx', 0o600)
  try {
    let count = 0
    for (;;) {
      const rows = await rowsOf(platform, table, tenantId, count)
      if (rows.length > 0) await file.writeFile(rows.map((row) => `${JSON.stringify(change(row))}\n`).join(''))
      count += rows.length
      if (rows.length < BATCH) break
    }
    await file.sync()
    return count
  } finally {
    await file.close()
  }
}

async function rowsOf(platform: Kysely<PlatformTables>, { name, of, order }: LeavingTable, tenantId: string, offset: number): Promise<readonly LineRow[]> {
  const mine = of === 'account_id' ? sql`account_id in (select id from account where tenant_id = ${tenantId})` : sql`${sql.ref(of)} = ${tenantId}`
  const { rows } = await sql<LineRow>`select * from ${sql.table(name)} where ${mine} order by ${sql.join(order.map((column) => sql.ref(column)))} limit ${BATCH} offset ${offset}`.execute(platform)
  return rows
}

/**
 * The lines of a file, in batches of at most so many.
 * @param longest - in bytes; a longer one is refused before it fills the memory
 * @throws RangeError
 */
export async function* linesOf(path: string, batch: number, longest = 1024 * 1024): AsyncGenerator<readonly string[], void, undefined> {
  let lines: string[] = []
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, from)) {
      parts.push(chunk.subarray(from, at))
      lines.push(Buffer.concat(parts).toString())
      parts = []
      length = 0
      from = at + 1
      if (lines.length < batch) continue
      yield lines
      lines = []
    }
    length += chunk.length - from
    if (length > longest) throw new RangeError(`A line of ${path} is longer than ${longest} bytes.`)
    if (from < chunk.length) parts.push(chunk.subarray(from))
  }
  if (length > 0) lines.push(Buffer.concat(parts).toString())
  if (lines.length > 0) yield lines
}

const NEW_LINE = 0x0a
