import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Migrations } from '@liberacces/sdk'
import Database from 'better-sqlite3'
import { PlatformError } from '../../errors.ts'
import type { Outside } from '../../outside.ts'
import { databaseTemplate } from './database-template.ts'
import { migrateStore } from './migrate-store.ts'
import { OpenFile } from './open-file.ts'
import { SerialDatabase } from './serial-database.ts'
import type { StatementCheck } from './statement-runner.ts'
import { STORE_SCHEMA } from './store-schema.ts'

/**
 * What new stores are copied from: the kernel's tables, and all migrations of one release run. Made once per release and process, in
 * memory, so that the ten-thousandth store of a release costs a copy, and a migration that fails is found before there is any.
 */
export class StoreTemplates {
  readonly #outside: Outside
  readonly #known: StatementCheck
  // By identity: a release hands over the same object as long as it is loaded, and what nobody loads any more is forgotten.
  readonly #made = new WeakMap<Migrations, Buffer>()
  readonly #making = new WeakMap<Migrations, Promise<Buffer>>()
  #empty: Buffer | undefined

  /** @param known - judges what the kernel sends */
  constructor(outside: Outside, known: StatementCheck) {
    this.#outside = outside
    this.#known = known
  }

  /** The template of a release, where it has been made. */
  of(migrations: Migrations): Buffer | undefined {
    return this.#made.get(migrations)
  }

  /** A store with the kernel's tables alone. */
  get empty(): Buffer {
    this.#empty ??= databaseTemplate(STORE_SCHEMA)
    return this.#empty
  }

  /**
   * Makes the template of a release, once however many ask.
   * @param owner - for whom it is made first; named in the error
   * @param check - the statement guard for migrations
   * @throws PlatformError `MIGRATION_FAILED`; who asks again has the migrations run again
   */
  async make(migrations: Migrations, owner: string, check: StatementCheck): Promise<Buffer> {
    const known = this.#made.get(migrations) ?? this.#making.get(migrations)
    if (known !== undefined) return known
    const making = this.#build(migrations, owner, check)
    this.#making.set(migrations, making)
    try {
      const made = await making
      this.#made.set(migrations, made)
      return made
    } finally {
      this.#making.delete(migrations)
    }
  }

  async #build(migrations: Migrations, owner: string, check: StatementCheck): Promise<Buffer> {
    const memory = new Database(this.empty)
    const database = new SerialDatabase(owner, (changes) => new OpenFile(memory, { owner, check, known: this.#known, changes }))
    try {
      await migrateStore(database, migrations, this.#outside, check)
      return memory.serialize()
    } finally {
      database.close()
    }
  }
}

/**
 * Makes a store's file from a template, unless there is one: it is there whole or not at all. The folder is there.
 * @throws PlatformError `DISK_SPACE_LOW`
 */
export function makeStoreFile(path: string, template: Buffer): void {
  if (existsSync(path)) return
  const unfinished = `${path}.new`
  const file = openSync(unfinished, 'w', 0o600)
  try {
    // Not writeSync, which on a disk that fills up writes a part and is content.
    writeFileSync(file, template)
    fsyncSync(file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    const { code = '' } = error as NodeJS.ErrnoException
    throw code !== 'ENOSPC' && code !== 'EDQUOT' ? error : new PlatformError('DISK_SPACE_LOW', `A store could not be made at ${path}: the disk is full.`, { cause: error, fix: 'Make room on the disk of the data folder, and try again.' })
  } finally {
    closeSync(file)
  }
  // The name is made durable by SQLite, which syncs the folder with the first journal or log beside the file.
  renameSync(unfinished, path)
}
