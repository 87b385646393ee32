/** A value of an address's query as one text: whoever writes an address by hand may give a name twice, or never. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
