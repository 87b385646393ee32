/** A label cannot be made, or does not hold: who asked is at fault, or the file, not the harness. */
export class LabelError extends Error {
  override readonly name = 'LabelError'
  readonly fix: string
  /** 1 refused, 2 wrong usage, 3 something is left to a person. */
  readonly exit: 1 | 2 | 3

  constructor(message: string, fix: string, exit: 1 | 2 | 3 = 1, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
    this.exit = exit
  }
}
