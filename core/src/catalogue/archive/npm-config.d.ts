// @npmcli/config comes without types; this is what npm-archive.ts uses of it.
declare module '@npmcli/config' {
  export default class Config {
    constructor(options: Readonly<Record<string, unknown>>)
    load(): Promise<unknown>
    readonly flat: Readonly<Record<string, unknown>>
  }
}
declare module '@npmcli/config/lib/definitions/index.js' {
  const known: { readonly definitions: object; readonly shorthands: object; readonly flatten: (from: object, to: object) => object }
  export default known
}
