/** `liberacces.support` of a package.json, as it stands there. */
export interface Support {
  readonly contact?: unknown
  readonly security?: unknown
  readonly fixDays?: unknown
  readonly endOfLife?: unknown
}

/** The support that the package.json of an archive promises: `undefined` where it promises none, `unreadable` where it is no JSON. */
export function promisedSupportOf(files: ReadonlyMap<string, Buffer>): Support | undefined | 'unreadable' {
  let described: { readonly liberacces?: { readonly support?: unknown } | null } | null
  try {
    described = JSON.parse(files.get('package.json')?.toString() ?? '{}') as typeof described
  } catch {
    // Told by the check of the manifest.
    return 'unreadable'
  }
  const support = described?.liberacces?.support
  return typeof support === 'object' && support !== null ? support : undefined
}
