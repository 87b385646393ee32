import type { Check } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { lookAtAll, textOf, type Place } from '../parts/looked-at-code.ts'

const PROPERTIES: ReadonlySet<string> = new Set(['innerHTML', 'outerHTML', 'srcdoc'])
const METHODS: ReadonlySet<string> = new Set(['insertAdjacentHTML', 'createContextualFragment', 'setHTMLUnsafe'])
const ATTRIBUTES: ReadonlySet<string> = new Set(['dangerouslySetInnerHTML', 'srcdoc', 'srcDoc'])

/** Text becomes HTML by the UI kit, never by hand. */
export const noRawHtml: Check<'static'> = {
  id: 'SEC-05', since: '1.0', level: 'silver', gate: 'static', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'Aucun HTML brut', en: 'No raw HTML' },
  rationale: {
    fr: 'Un texte saisi par un habitant, affiché comme du HTML, exécute un programme chez l’agent qui le lit.',
    en: 'A text that a resident typed, shown as HTML, runs a program at the agent who reads it.',
  },
  howToFix: 'Put texts between tags, <p>{text}</p>, which escapes them; show what people write in Markdown with <Markdown>.',
  example: { bad: '<div dangerouslySetInnerHTML={{ __html: note.text }} />', good: '<Markdown text={note.text} />' },
  refs: { cwe: [79] },
  async run(subject) {
    const { code } = subject
    if (code.length === 0) return { status: 'skip', why: 'There is no code to look at.' }
    // Packages are not looked at: what they make is shown by the author's code, or not at all.
    return findings(lookAtAll({ ...subject, bundle: undefined }, this.howToFix, look))
  },
}

function look({ node, parent, isGlobal }: Place): string | undefined {
  if (node.type === 'JSXAttribute' && node.name.type === 'JSXIdentifier' && ATTRIBUTES.has(node.name.name)) return `It sets ${node.name.name}, which shows text as HTML.`
  if (node.type === 'Property' && !node.computed && node.key.type === 'Identifier' && node.key.name === 'dangerouslySetInnerHTML') return 'It sets dangerouslySetInnerHTML, which shows text as HTML.'
  if (node.type !== 'MemberExpression') return undefined
  const name = node.computed ? textOf(node.property) : node.property.type === 'Identifier' ? node.property.name : undefined
  if (name === undefined) return undefined
  if (PROPERTIES.has(name) && parent?.type === 'AssignmentExpression' && parent.left === node) return `It sets ${name}, which shows text as HTML.`
  if (METHODS.has(name) && parent?.type === 'CallExpression' && parent.callee === node) return `It calls ${name}, which shows text as HTML.`
  return /^write(ln)?$/.test(name) && node.object.type === 'Identifier' && node.object.name === 'document' && isGlobal('document') ? `It calls document.${name}.` : undefined
}
