/** Files that a page of the documentation shows: fenced blocks that say a path, such as ` ```ts title="src/plugin.tsx" `. */
export type TitledFiles = ReadonlyMap<string, string>

/** A part of a page, under a heading of level 2. */
export interface Section {
  readonly heading: string
  readonly files: TitledFiles
}

const HEADING = /^## (.+)$/
const OPENING = /^```\w+ title="([^"]+)"$/

/** The sections of a page that show files, in their order. */
export function sectionsWithFiles(markdown: string): readonly Section[] {
  const sections: { heading: string; files: Map<string, string> }[] = []
  let block: { readonly path: string; readonly lines: string[] } | undefined
  for (const line of markdown.split('\n')) {
    if (block !== undefined) {
      if (line === '```') {
        sections.at(-1)?.files.set(block.path, `${block.lines.join('\n')}\n`)
        block = undefined
      } else block.lines.push(line)
      continue
    }
    const heading = HEADING.exec(line)?.[1]
    if (heading !== undefined) sections.push({ heading, files: new Map() })
    const path = OPENING.exec(line)?.[1]
    if (path !== undefined) block = { path, lines: [] }
  }
  return sections.filter(({ files }) => files.size > 0)
}
