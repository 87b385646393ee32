import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migrations } from '@liberacces/sdk'
import { onTestFinished } from 'vitest'
import type { Outside } from '../../src/outside.ts'
import type { StoreKey } from '../../src/storage/storage.ts'

/** A clock that only the test moves, and chance from a seed. */
export class FakeOutside implements Outside {
  time: number
  #seed = 1

  constructor(time = Date.UTC(2026, 10, 23, 8)) {
    this.time = time
  }

  now(): number {
    return this.time
  }

  randomBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => (this.#seed = (this.#seed * 16_807) % 2_147_483_647) % 256)
  }

  readonly fetch = (): Promise<Response> => Promise.reject(new Error('The network is cut.'))
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'liberacces-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

export const KEY: StoreKey = { tenantId: 't-1', pluginId: 'fr.example.notes' }

export const NOTES: Migrations = {
  '0001-note': {
    up: async (db) => {
      await db.schema.createTable('note').addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('text', 'text', (column) => column.notNull()).execute()
    },
    down: async (db) => { await db.schema.dropTable('note').execute() },
  },
}

/** A signal that never aborts. */
export const forever = (): AbortSignal => new AbortController().signal
