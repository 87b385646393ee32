import { posix } from 'node:path'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { changelogOf } from '../parts/changelog.ts'

/** What an archive could hold for readers; a link to source, or out of the folder, is for those who have the repository. */
const FOR_READERS = /\.(md|png|jpe?g|svg|webp|avif|gif|pdf)$/i
/** Small words that French text is full of, and English is not. */
const FRENCH = /(?<!\p{L})(le|la|les|des|une|est|sont|pour|dans|avec|qui|que|sur|par|ne|pas|ou|aux|ses|leur)(?!\p{L})/giu
const LEAST_WORDS = 40

/** A guide in French, what changed, and no link that leads nowhere. */
export const frenchGuide: Check<'package'> = {
  id: 'DOC-01', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Un mode d’emploi en français est joint', en: 'A guide in French comes with it' },
  rationale: {
    fr: 'L’agent qui s’en sert et la personne qui l’administre n’ont souvent que ces pages, et les lisent en français.',
    en: 'The agent who uses it and the person who administers it often have nothing but these pages, and read them in French.',
  },
  howToFix: 'Write a guide for agents and administrators in French (README.md, README.fr.md or docs/*.md), a heading for each version in CHANGELOG.md, and links to documents and pictures that are in the archive.',
  example: { bad: 'README.md: “TODO”', good: '# Cantine, ## Pour les agents, ## Pour l’administrateur' },
  async run({ files, manifest }) {
    if (files === undefined || manifest === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    const { howToFix: fix } = this
    const wrong = (file: string, message: string, line?: number): Finding => ({ message, fix, file, evidence: [], ...(line === undefined ? {} : { line }) })
    const documents = [...files].filter(([path]) => /^(README(\.[a-z]+)*|docs\/.*\.md)$/i.test(path)).map(([path, content]) => ({ path, text: content.toString() }))
    return findings([
      ...(documents.some(({ text }) => isFrench(text)) ? [] : [wrong(documents[0]?.path ?? 'README.md', documents.length === 0 ? 'There is no README.md and no docs/ in the archive.' : `Nothing in French, of ${LEAST_WORDS} words at least, is in ${documents.map(({ path }) => path).join(', ')}.`)]),
      ...(changelogOf(files, manifest.version) === undefined ? [wrong('CHANGELOG.md', `CHANGELOG.md has no heading for ${manifest.version}: nobody is told what changed.`)] : []),
      ...documents.flatMap(({ path, text }) => deadLinks(path, text, files).map(({ target, line }) => wrong(path, `The link to ${target} leads to nothing in the archive.`, line))),
    ], documents.map(({ path }) => path))
  },
}

function isFrench(text: string): boolean {
  // Code and addresses are in no language.
  const words = text.replaceAll(/```[\s\S]*?```|`[^`]*`|https?:\S+/g, ' ').match(/\p{L}+/gu) ?? []
  return words.length >= LEAST_WORDS && (words.join(' ').match(FRENCH)?.length ?? 0) / words.length > 0.12
}

function deadLinks(path: string, text: string, files: ReadonlyMap<string, Buffer>): readonly { readonly target: string; readonly line: number }[] {
  return text.replaceAll(/```[\s\S]*?```/g, (code) => code.replaceAll(/[^\n]/g, ' ')).split('\n').flatMap((line, index) => [...line.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z][a-z0-9+.-]*:|^#|^\//i.test(target)) return []
    const file = posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(target.split('#')[0] ?? '')))
    return files.has(file) || file.startsWith('..') || !FOR_READERS.test(file) ? [] : [{ target, line: index + 1 }]
  }))
}
