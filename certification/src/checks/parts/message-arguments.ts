import { TYPE, type MessageFormatElement, type ParserOptions } from '@formatjs/icu-messageformat-parser'

/** The names of the values that an ICU message is given, sorted; `undefined` for what is no message. */
export function argumentsOf(text: string, parse: (text: string, options?: ParserOptions) => MessageFormatElement[]): readonly string[] | undefined {
  const names = new Set<string>()
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue
      if (element.type === TYPE.tag) {
        walk(element.children)
        continue
      }
      names.add(element.value)
      if (element.type === TYPE.select || element.type === TYPE.plural) for (const { value } of Object.values(element.options)) walk(value)
    }
  }
  try {
    walk(parse(text))
  } catch {
    return undefined
  }
  return [...names].toSorted()
}
