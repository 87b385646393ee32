/** So many bytes, and no more, at a time. */
export class ByteAllowance {
  readonly most: number
  #taken = 0

  constructor(most: number) {
    this.most = most
  }

  get taken(): number {
    return this.#taken
  }

  /** @returns what gives them back, which is harmless to call twice; `undefined` where there are not as many left */
  take(bytes: number): (() => void) | undefined {
    if (this.#taken + bytes > this.most) return undefined
    this.#taken += bytes
    let isBack = false
    return () => {
      if (!isBack) this.#taken -= bytes
      isBack = true
    }
  }
}
