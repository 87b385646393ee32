const LOCAL_NAME = /^[a-z][a-z0-9.-]{0,60}$/

/** Refuses a malformed name within a plugin where it is written, at the author's desk. */
export function assertLocalName(name: string, what: string): void {
  if (!LOCAL_NAME.test(name)) throw new TypeError(`"${name}" is no name of a ${what}: 1 to 61 of a-z, 0-9, "." and "-", beginning with a letter.`)
}
