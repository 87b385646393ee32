import type { TextKey, TextValues } from './texts.ts'

/** Nothing was made, and why, as a text of {@link TextKey} that is said in the reader's language. */
export class CreateError extends Error {
  override readonly name = 'CreateError'
  readonly key: TextKey
  readonly values: TextValues

  constructor(key: TextKey, values: TextValues = {}) {
    super(`${key} ${JSON.stringify(values)}`)
    this.key = key
    this.values = values
  }
}
