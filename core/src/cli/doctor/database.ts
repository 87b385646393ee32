import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { Config } from '../../config.ts'
import { openDatabase } from '../../storage/sqlite/open-database.ts'
import type { Finding } from './finding.ts'

const FULL = 2
/** Memory of its page cache, in KiB. */
const CACHE_KIB = 2_000

/** The database: which SQLite, whether what it acknowledges survives a power cut, whether the kernel's file is sound. */
export function examineDatabase({ dataFolder }: Config): readonly Finding[] {
  const path = join(dataFolder, 'platform.sqlite')
  if (existsSync(path)) {
    const database = openDatabase(path, CACHE_KIB)
    try {
      const said = database.pragma('quick_check(1)', { simple: true })
      return [...examineModes(database), said === 'ok'
        ? { id: 'platform-data', status: 'ok', what: `${path} is sound` }
        : { id: 'platform-data', status: 'broken', what: `${path} is damaged: ${String(said)}`, fix: 'Restore a backup.' }]
    } finally {
      database.close()
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-doctor-'))
  try {
    const database = openDatabase(join(folder, 'probe.sqlite'), CACHE_KIB)
    try {
      return examineModes(database)
    } finally {
      database.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function examineModes(database: Database.Database): readonly Finding[] {
  const version = String(database.prepare('select sqlite_version()').pluck().get())
  const journal = String(database.pragma('journal_mode', { simple: true }))
  const isFull = database.pragma('synchronous', { simple: true }) === FULL
  return [
    { id: 'sqlite', status: 'ok', what: `SQLite ${version}` },
    isFull && journal === 'wal'
      ? { id: 'durability', status: 'ok', what: 'synchronous=FULL, write-ahead log' }
      : { id: 'durability', status: 'broken', what: `synchronous is ${isFull ? '' : 'not '}FULL, journal_mode is ${journal}`, fix: 'Put the data on a local file system; network file systems know no write-ahead log.' },
  ]
}
