import type { PluginNames } from './plugin-names.ts'
import { pascal, renamer } from './rename.ts'

/**
 * What of a template has the name already that something of it would get: another file, or an identifier of the code, such as `DemoContext` for a plugin
 * called `demo`. Either would be replaced without a word.
 */
export function nameTaken(sources: readonly (readonly [path: string, text: string])[], from: PluginNames, to: PluginNames): string | undefined {
  const rename = renamer(from, to)
  const paths = new Set<string>()
  for (const [path] of sources) {
    const renamed = rename(path)
    if (paths.has(renamed)) return renamed
    paths.add(renamed)
  }
  const words = [...new Set(sources.filter(([path]) => /\.tsx?$/.test(path)).flatMap(([, text]) => text.match(/\b[A-Z]\w*/g) ?? []))]
  const isOwn = (word: string): boolean => word.startsWith(pascal(from.name))
  const others = new Set(words.filter((word) => !isOwn(word)))
  return words.filter(isOwn).map(rename).find((renamed) => others.has(renamed))
}
