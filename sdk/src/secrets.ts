/** Keeps texts that nobody may read in the database, such as keys. What is sealed opens for this plugin on this tenant of this platform alone. */
export interface Secrets {
  /** Encrypts a text (AES-256-GCM). What comes out goes into a column of text; twice the same text does not look the same. */
  seal(text: string): Promise<string>
  /** The text again; `undefined` when it was not sealed here, or was changed. */
  open(sealed: string): Promise<string | undefined>
  /** Bytes that nobody can guess, for keys. @param length - 16 to 64 */
  random(length: number): Uint8Array
}
