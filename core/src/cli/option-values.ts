import { InvalidArgumentError, Option } from 'commander'
import semver from 'semver'

/** Reads an option's value as a whole number; anything else is wrong usage. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
    return value
  }
}

/** Reads `ID[@RANGE]`; without a range any version will do. */
export function pluginWish(text: string): { readonly id: string; readonly range: string } {
  const at = text.lastIndexOf('@')
  const id = at > 0 ? text.slice(0, at) : text
  const range = at > 0 ? text.slice(at + 1) : '*'
  if (semver.validRange(range) === null) throw new InvalidArgumentError(`"${range}" is no range of versions; write one such as ^1.2.0.`)
  return { id, range }
}

/** A repeatable option. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/** `--tenant T`, without which the command makes no sense. */
export function tenantOption(): Option {
  return new Option('--tenant <slug>', 'which tenant').makeOptionMandatory()
}

/** `--limit N`. */
export function limitOption(): Option {
  return new Option('--limit <n>', 'how many lines at most, 1 to 500').argParser(wholeNumber(1, 500)).default(50)
}
