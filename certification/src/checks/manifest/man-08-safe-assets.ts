import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** What an SVG can do without: it runs, or it fetches. */
const FORBIDDEN: ReadonlySet<string> = new Set(['script', 'foreignobject', 'iframe', 'embed', 'object', 'audio', 'video', 'handler', 'listener', 'set'])
const REMOTE = /^\s*(?:https?:)?\/\//i
const RUNS = /^\s*(?:javascript|vbscript|data:text\/html)/i

/** Pictures and styles that neither run anything nor fetch anything from elsewhere. */
export const safeAssets: Check<'package'> = {
  id: 'MAN-08', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 10_000,
  title: { fr: 'Les images et les styles sont inertes', en: 'Pictures and styles are inert' },
  rationale: {
    fr: 'Une image SVG peut contenir un programme, et une feuille de style appeler un serveur tiers qui apprend alors qui consulte sa mairie.',
    en: 'An SVG can hold a program, and a style sheet can call a server of somebody else, who then learns who visits their town hall.',
  },
  howToFix: 'Remove scripts, event attributes and foreign content from SVG files, and put what they and the styles fetch into the archive.',
  example: { bad: '<svg onload="alert(1)">', good: '<svg role="img"><title>Logo</title><path d="…"/></svg>' },
  refs: { cwe: [79, 829] },
  async run({ files }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const found: Finding[] = []
    for (const [file, content] of files) {
      if (!file.startsWith('assets/')) continue
      const say = (message: string, line?: number): void => { found.push({ message, fix: this.howToFix, file, evidence: [], ...(line === undefined ? {} : { line }) }) }
      if (/\.(svg|html?|xml)$/i.test(file)) inspectMarkup(content.toString(), say)
      if (/\.css$/i.test(file)) for (const [line, text] of content.toString().split('\n').entries()) if (fetches(text)) say('It fetches something from another server.', line + 1)
    }
    return findings(found)
  },
}

function fetches(css: string): boolean {
  return /(?:url\(\s*['"]?|@import\s+['"])\s*(?:https?:)?\/\//i.test(css)
}

function inspectMarkup(text: string, say: (message: string, line?: number) => void): void {
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) {
      const line = node.sourceCodeLocation?.startLine
      if (FORBIDDEN.has(node.tagName.toLowerCase())) say(`It has a <${node.tagName}>.`, line)
      for (const { name, value } of node.attrs) {
        if (/^on/i.test(name)) say(`It has the attribute ${name}, which runs code.`, line)
        else if (RUNS.test(value)) say(`The attribute ${name} runs code.`, line)
        else if (/^(href|src|xlink:href)$/i.test(name) && node.tagName !== 'a' && REMOTE.test(value)) say(`The attribute ${name} fetches ${value}.`, line)
        else if (name === 'style' && fetches(value)) say('Its style fetches something from another server.', line)
      }
      if (node.tagName === 'style' && node.childNodes.some((child) => 'value' in child && fetches(child.value))) say('Its style fetches something from another server.', line)
    }
    if ('childNodes' in node) node.childNodes.forEach(walk)
  }
  walk(parse(text, { sourceCodeLocationInfo: true }))
}
