import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { applySchema } from './schema-versions.ts'
import { STORE_SCHEMA } from './store-schema.ts'

/** Offsets of the write and read versions in a SQLite file's header (File Format, section 1.3.3); 2 means write-ahead log. */
const FORMAT_VERSIONS = [18, 19]

let template: Buffer | undefined

/**
 * Makes a store's file with the kernel's tables in it, if there is none. Copying an empty one costs a quarter of running
 * the definitions, and a file is there whole or not at all.
 */
export function ensureStoreFile(path: string): void {
  if (existsSync(path)) return
  template ??= emptyStore()
  const unfinished = `${path}.new`
  const file = openSync(unfinished, 'w')
  try {
    writeSync(file, template)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  // The name is made durable by SQLite, which syncs the folder with the first commit to the write-ahead log.
  renameSync(unfinished, path)
}

function emptyStore(): Buffer {
  const memory = new Database(':memory:')
  try {
    applySchema(memory, STORE_SCHEMA)
    const bytes = memory.serialize()
    for (const offset of FORMAT_VERSIONS) bytes[offset] = 2
    return bytes
  } finally {
    memory.close()
  }
}
