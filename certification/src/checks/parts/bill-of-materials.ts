/** Where packing puts the bill of materials, in the format CycloneDX. */
export const BILL_FILE = 'sbom.cdx.json'

interface Component {
  readonly name?: unknown
  readonly group?: unknown
  readonly version?: unknown
  readonly components?: readonly Component[]
}

/** The packages of a bill of materials as `name@version`, or what is wrong with it. */
export function billedPackages(files: ReadonlyMap<string, Buffer>): ReadonlySet<string> | string {
  const text = files.get(BILL_FILE)
  if (text === undefined) return `${BILL_FILE} is missing.`
  let bill: { readonly bomFormat?: unknown; readonly components?: readonly Component[] }
  try {
    bill = JSON.parse(text.toString()) as typeof bill
  } catch (cause) {
    return `${BILL_FILE} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`
  }
  if (bill.bomFormat !== 'CycloneDX') return `${BILL_FILE} is no CycloneDX document.`
  const walk = (components: readonly Component[] = []): readonly string[] => components.flatMap(({ name, group, version, components: below }) => [
    `${typeof group === 'string' && group !== '' ? `${group}/` : ''}${String(name)}@${String(version)}`, ...walk(below),
  ])
  return new Set(walk(bill.components))
}
