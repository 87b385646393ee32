import type { StoreKey } from '../storage/storage.ts'

/** Which archive. */
export interface ArchiveName extends StoreKey {
  readonly id: string
}

/** Where archives lie. It knows names and files, and not what is in them. */
export interface ArchiveShelf {
  /**
   * Puts what is written into a new folder there, whole or not at all, in place of one of the same name.
   * @param write - fills the folder, with the index as its last file
   */
  put<Result>(name: ArchiveName, write: (folder: string) => Promise<Result>): Promise<Result>
  /**
   * Has the files of one lie in a folder while a body reads them. Whoever calls it makes one change at a time of the tenant, over all nodes.
   * @throws PlatformError `FILE_DAMAGED` when what comes from elsewhere is not what was put there; `FILES_UNAVAILABLE`
   */
  use<Result>(name: ArchiveName, body: (folder: string) => Promise<Result>): Promise<Result>
  /** The text of an index; `undefined` where there is no such archive. @throws PlatformError `FILE_DAMAGED` */
  index(name: ArchiveName): Promise<string | undefined>
  /** Those of a tenant, or of one plugin. */
  names(key: Pick<StoreKey, 'tenantId'> & Partial<StoreKey>): Promise<readonly ArchiveName[]>
  /** Deletes one for good; twice is harmless. */
  drop(name: ArchiveName): Promise<void>
  dropTenant(tenantId: string): Promise<void>
  /**
   * Deletes what a crash of this process left half done, and takes over archives that lie where they lay on another kind of database. Before anything else.
   */
  open(): Promise<void>
  /**
   * Deletes what a crash of any node left half done.
   * @param making - ids of archives that are being made just now; asked once it is known what there is
   */
  sweep(making: () => Promise<ReadonlySet<string>>): Promise<void>
  /** Brings all archives into a folder, as they lie in that of one process, for a backup. */
  copyOut(folder: string, likewise?: string): Promise<void>
}
