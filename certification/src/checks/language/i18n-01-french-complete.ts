import { parse } from '@formatjs/icu-messageformat-parser'
import type { Node } from 'oxc-parser'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import type { PackageSubject, SourceSubject } from '../../harness/subject.ts'
import { lookAtAll, textOf, type Place } from '../parts/looked-at-code.ts'
import { argumentsOf } from '../parts/message-arguments.ts'
import { topicOf } from '../parts/pack-problems.ts'

/** Attributes that people read or hear. */
const SPOKEN: ReadonlySet<string> = new Set(['alt', 'aria-label', 'aria-description', 'caption', 'empty', 'header', 'heading', 'label', 'legend', 'linkLabel', 'placeholder', 'title'])

/** Every text is a message, in French and whole. */
export const frenchComplete: Check<'static'> = {
  id: 'I18N-01', since: '1.0', level: 'bronze', gate: 'static', maturity: 'enforced', timeoutMs: 20_000,
  title: { fr: 'Tous les textes existent en français', en: 'Every text is there in French' },
  rationale: {
    fr: 'Un service public parle français, et sa version anglaise dit la même chose : un texte écrit dans le code n’est ni traduit ni relu.',
    en: 'A public service speaks French, and its English version says the same: a text in the code is neither translated nor proofread.',
  },
  howToFix: 'Put every text that people see into messages/fr.json and messages/en.json under one key, with the same {values}, and write c.t(key).',
  example: { bad: '<Page title="Mes réservations">', good: "<Page title={c.t('page.bookings')}>" },
  refs: { rgaa: ['8.3', '8.7'], article: 'loi n° 94-665 du 4 août 1994' },
  async run(subject) {
    const { howToFix: fix } = this
    const kept = subject.problems.filter((problem) => topicOf(problem) === 'messages').map((problem): Finding => ({ message: `It cannot be packed: ${problem}`, fix, evidence: [] }))
    const texts = await messagesOf(subject)
    const inCode = subject.folder === undefined ? [] : lookAtAll({ ...subject, bundle: undefined } satisfies SourceSubject, fix, look)
    return findings([...kept, ...(texts === undefined ? [] : messageFaults(texts, fix)), ...inCode])
  },
}

interface Messages {
  readonly fr: Readonly<Record<string, unknown>>
  readonly en: Readonly<Record<string, unknown>>
}

/** Of the files where there are such; the platform itself refuses messages that are not whole, wherever they are written. */
async function messagesOf({ folder, files }: PackageSubject): Promise<Messages | undefined> {
  const read = async (path: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const text = folder === undefined ? files?.get(path)?.toString() : folder.files.includes(path) ? await folder.read(path) : undefined
    return text === undefined ? undefined : JSON.parse(text) as Readonly<Record<string, unknown>>
  }
  const [fr, en] = [await read('messages/fr.json'), await read('messages/en.json')]
  return fr === undefined || en === undefined ? undefined : { fr, en }
}

function messageFaults({ fr, en }: Messages, fix: string): readonly Finding[] {
  const found: Finding[] = []
  const say = (locale: string, message: string): void => { found.push({ message, fix, file: `messages/${locale}.json`, evidence: [] }) }
  for (const [locale, own, other] of [['fr', fr, en], ['en', en, fr]] as const) {
    for (const key of Object.keys(other)) if (!Object.hasOwn(own, key)) say(locale, `"${key}" is missing.`)
    for (const [key, text] of Object.entries(own)) {
      if (typeof text !== 'string') say(locale, `"${key}" is no text.`)
      else if (text.trim() === '') say(locale, `"${key}" is empty.`)
      else if (argumentsOf(text, parse) === undefined) say(locale, `"${key}" is no ICU message.`)
    }
  }
  for (const [key, text] of Object.entries(fr)) {
    const other = en[key]
    if (typeof text !== 'string' || typeof other !== 'string') continue
    const [ours, theirs] = [argumentsOf(text, parse), argumentsOf(other, parse)]
    if (ours !== undefined && theirs !== undefined && ours.join() !== theirs.join()) say('fr', `"${key}" is given {${ours.join('}, {')}} in French and {${theirs.join('}, {')}} in English.`)
  }
  return found
}

function look({ node, parent }: Place): string | undefined {
  if (node.type === 'JSXText') return isWords(node.value) ? `The text "${shown(node.value)}" is in the code.` : undefined
  if (node.type === 'JSXAttribute' && node.name.type === 'JSXIdentifier' && SPOKEN.has(node.name.name)) {
    const text = node.value === null ? undefined : textOf(node.value.type === 'JSXExpressionContainer' ? node.value.expression as Node : node.value)
    return text !== undefined && isWords(text) ? `The ${node.name.name} "${shown(text)}" is in the code.` : undefined
  }
  if (node.type === 'JSXExpressionContainer' && parent?.type === 'JSXElement') {
    const text = textOf(node.expression as Node)
    return text !== undefined && isWords(text) ? `The text "${shown(text)}" is in the code.` : undefined
  }
  return undefined
}

/** Two letters in a row: a unit, an arrow or a separator is no text. */
function isWords(text: string): boolean {
  return /\p{L}{2}/u.test(text)
}

function shown(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain
}
