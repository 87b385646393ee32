// Checks that every relative link and image in every .md file leads to a file or folder of the repository, and that its
// `#anchor` is a heading there. Links to other sites are not followed.

import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { filesUnder, read, report, root } from './workspace.ts'

const withoutCode = (text: string): string => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, 'code')

/** The anchors of a page, as GitHub makes them from its headings; also explicit `<a id>`. */
function anchorsOf(path: string): ReadonlySet<string> {
  const text = read(path).replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  const seen = new Map<string, number>()
  const headings = [...text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => {
    const slug = (match[1] ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  const explicit = [...text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '')
  return new Set([...headings, ...explicit])
}

function problemOf(file: string, link: string): string | undefined {
  const [path = '', anchor] = decodeURI(link).split('#')
  const target = path === '' ? file : path.startsWith('/') ? path.slice(1) : join(dirname(file), path)
  if (!existsSync(join(root, target))) return `${file}: "${link}" leads nowhere`
  if (anchor === undefined || !target.endsWith('.md') || statSync(join(root, target)).isDirectory()) return undefined
  return anchorsOf(target).has(anchor) ? undefined : `${file}: "${link}" names no heading of ${target}`
}

const files = filesUnder('.', /\.md$/)
const links = files.flatMap((file) => {
  const text = withoutCode(read(file))
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
  const defined = [...text.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)]
  return [...inline, ...defined].map((match) => ({ file, link: match[1] ?? '' }))
}).filter(({ link }) => !/^[a-z][a-z0-9+.-]*:/i.test(link))

report('links', links.flatMap(({ file, link }) => problemOf(file, link) ?? []), `${links.length} relative links in ${files.length} pages lead somewhere`)
