/** What an archive's changelog says of a version: the lines below its heading, up to the next one of the same level. `undefined` when it has no such heading. */
export function changelogOf(files: ReadonlyMap<string, Buffer>, version: string): string | undefined {
  const [, content] = [...files].find(([path]) => /^CHANGELOG(\.[a-z]+)?$/i.test(path)) ?? []
  const lines = content?.toString().split('\n') ?? []
  const isOf = (line: string): boolean => /^#{1,4}\s/.test(line) && line.replace(/^#+\s*/, '').split(/[\s[\](),]+/).some((word) => word.replace(/^v/, '') === version)
  const at = lines.findIndex(isOf)
  if (at === -1) return undefined
  const level = /^#+/.exec(lines[at] ?? '')?.[0].length ?? 1
  const end = lines.findIndex((line, index) => index > at && (/^#+/.exec(line)?.[0].length ?? 99) <= level && /^#+\s/.test(line))
  return lines.slice(at + 1, end === -1 ? undefined : end).join('\n')
}
