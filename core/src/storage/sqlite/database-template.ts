import Database from 'better-sqlite3'
import { applySchema } from './schema-versions.ts'

/** An empty database with the tables of a schema, as bytes. */
export function databaseTemplate(steps: readonly string[]): Buffer {
  const memory = new Database(':memory:')
  try {
    applySchema(memory, steps)
    return memory.serialize()
  } finally {
    memory.close()
  }
}
