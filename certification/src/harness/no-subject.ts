/** What was given is nothing that could be judged: a wrong use of the harness, not a fault of a plugin. */
export class NoSubject extends Error {
  override readonly name = 'NoSubject'
  readonly fix: string

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options)
    this.fix = fix
  }
}
