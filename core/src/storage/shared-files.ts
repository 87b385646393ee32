/**
 * Files that lie in the data folder, and that another node may need: archives of releases, copies from before changes. With one process
 * the data folder is all there is.
 */
export interface SharedFiles {
  /** Whether files of this node's disk alone are reached by nobody else. */
  readonly isShared: boolean
  /** Puts a file where every node finds it, in place of one of that name: durably, whole or not at all. */
  publish(name: string, path: string): Promise<void>
  /**
   * Brings a file here where it is not: whole or not at all.
   * @returns whether it is here
   * @throws PlatformError `FILE_DAMAGED` when it is not what was put there
   */
  fetch(name: string, path: string): Promise<boolean>
  /** A small file whole; `undefined` where there is none of that name. @throws PlatformError `FILE_DAMAGED` */
  read(name: string): Promise<Uint8Array | undefined>
  /** Names that begin so, in order. */
  names(prefix: string): Promise<readonly string[]>
  /** Takes away what has one of these names, or lies below one. Twice is harmless. */
  remove(name: string): Promise<void>
}
