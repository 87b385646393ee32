import type { PluginNames } from './plugin-names.ts'

/** Puts the names of one plugin in the place of another's. */
export type Rename = (text: string) => string

/**
 * Renames all that a text says of a plugin's names, in whatever way code writes them: `lost-property`, `lostProperty`, `LostProperty`. Each
 * place is looked at once, the longest name first, so that what was put in is not renamed again.
 */
export function renamer(from: PluginNames, to: PluginNames): Rename {
  const pairs = new Map([
    [from.id, to.id], [from.package, to.package], [from.path, to.path], [from.title.fr, to.title.fr], [from.title.en, to.title.en],
    [pascal(from.name), pascal(to.name)], [camel(from.name), camel(to.name)], [from.name, to.name],
  ])
  const olds = [...pairs.keys()].toSorted((a, b) => b.length - a.length)
  const any = new RegExp(olds.map((old) => old.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('|'), 'g')
  return (text) => text.replaceAll(any, (old) => pairs.get(old) ?? old)
}

/** `lost-property` as types are named: `LostProperty`. */
export function pascal(name: string): string {
  return name.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

function camel(name: string): string {
  const all = pascal(name)
  return all.slice(0, 1).toLowerCase() + all.slice(1)
}
