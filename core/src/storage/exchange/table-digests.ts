import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Cell } from './file-table.ts'
import type { TableSource } from './table-source.ts'

/** What a table holds, in whatever order. */
export interface TableDigest {
  readonly rows: number
  /** The sum of the SHA-256 of all rows, modulo 2^256: the same rows make the same sum in any order. */
  readonly sum: bigint
}

const MODULUS = 1n << 256n

/** What two sources can be compared by. @returns by name of the table */
export async function digestTables(source: TableSource): Promise<ReadonlyMap<string, TableDigest>> {
  const digests = new Map<string, TableDigest>()
  for (const table of source.tables) {
    const columns = table.columns.toSorted()
    const order = columns.map((column) => table.columns.indexOf(column))
    let rows = 0
    let sum = 0n
    for await (const portion of source.portionsOf(table)) {
      for (const row of portion) {
        const hash = createHash('sha256')
        for (const at of order) hash.update(bytesOf(row[at] ?? null))
        sum = (sum + BigInt(`0x${hash.digest('hex')}`)) % MODULUS
        rows += 1
      }
      await breathe()
    }
    digests.set(table.name, { rows, sum })
  }
  return digests
}

/** Tables that hold something else on the two sides. */
export function differences(some: ReadonlyMap<string, TableDigest>, others: ReadonlyMap<string, TableDigest>): readonly string[] {
  return [...new Set([...some.keys(), ...others.keys()])].filter((name) => {
    const [one, other] = [some.get(name), others.get(name)]
    return one === undefined || other === undefined || one.rows !== other.rows || one.sum !== other.sum
  })
}

/** Kind, length and content, so that no two cells beside each other read as two others. */
function bytesOf(cell: Cell): Buffer {
  if (cell === null) return Buffer.from('n;')
  if (typeof cell === 'number' || typeof cell === 'bigint') return Buffer.from(`#${String(cell)};`)
  const bytes = typeof cell === 'string' ? Buffer.from(cell) : cell
  return Buffer.concat([Buffer.from(`${typeof cell === 'string' ? 't' : 'b'}${bytes.length};`), bytes])
}
