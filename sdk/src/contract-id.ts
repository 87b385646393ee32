const CONTRACT_ID = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+\/v[1-9][0-9]*$/

/** Whether a text is a contract's id: reverse-domain, lower case, ending in `/vN`. */
export function isContractId(text: string): boolean {
  return CONTRACT_ID.test(text)
}

/** Refuses a malformed contract id where it is written, at the author's desk. */
export function assertContractId(id: string): void {
  if (!isContractId(id)) {
    throw new TypeError(`"${id}" is no contract id: write it as a reverse domain ending in /vN, such as "fr.example.lending/v1".`)
  }
}
