/** What we use of two packages that bring no types. */
declare module 'spdx-expression-parse' {
  export type Info = { readonly license: string; readonly plus?: true; readonly exception?: string } | { readonly left: Info; readonly conjunction: 'and' | 'or'; readonly right: Info }
  /** @throws Error what is no expression */
  export default function parse(expression: string): Info
}

declare module 'spdx-satisfies' {
  /** Whether one who accepts some licences may use what is under an expression. @throws Error what is no expression */
  export default function satisfies(expression: string, accepted: readonly string[]): boolean
}
