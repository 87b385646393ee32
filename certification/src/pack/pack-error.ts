/** A plugin cannot be packed, and every reason. The plugin is at fault, not the harness. */
export class PackError extends Error {
  override readonly name = 'PackError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options)
    this.problems = problems
  }
}
