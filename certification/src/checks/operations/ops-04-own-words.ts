import type { Manifest } from '@liberacces/sdk/host'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { promisedSupportOf } from '../parts/promised-support-of.ts'
import { isReservedName, nameIn } from '../parts/reserved-name.ts'
import { TEMPLATE_DESCRIPTIONS } from '../parts/template-descriptions.ts'

/** Who publishes it, where help is and what it is for are the vendor's own words, not those of the template or of an example. */
export const ownWords: Check<'package'> = {
  id: 'OPS-04', since: '2.1', level: 'gold', gate: 'package', maturity: 'enforced', timeoutMs: 5_000, forLabel: true,
  title: { fr: 'Rien ne reste de l’exemple', en: 'Nothing of the example is left' },
  rationale: {
    fr: 'Qui appelle à l’aide doit joindre quelqu’un : une adresse d’exemple n’est à personne, et un label ne peut pas nommer un éditeur qui n’existe pas.',
    en: 'Who calls for help must reach somebody: an address of an example is nobody’s, and a label cannot name a publisher who does not exist.',
  },
  howToFix: 'Write your own: id, publisher and description into `src/plugin.tsx`, support addresses into `package.json`. The creator does it for you: --id, --publisher, --contact.',
  example: { bad: "publisher: { name: 'Example', contact: 'https://example.org' }", good: "publisher: { name: 'Atelier du Port', contact: 'mailto:bonjour@vendor.fr' }" },
  async run({ files, manifest }) {
    if (files === undefined) return { status: 'skip', why: 'There is no archive to look into; see MAN-01 and MAN-05.' }
    if (manifest === undefined) return { status: 'skip', why: 'It has no manifest; see MAN-01.' }
    return findings([...inManifest(manifest), ...inSupport(files)])
  },
}

const wrong = (message: string, fix: string, file: string): Finding => ({ message, fix, file, evidence: [] })

function inManifest({ id, title, description, publisher, scopes, optionalScopes = {} }: Manifest): readonly Finding[] {
  const inDomain = id.split('.').toReversed().join('.')
  const template = TEMPLATE_DESCRIPTIONS.find((one) => one.title.fr !== title.fr && (one.description.fr === description?.fr || one.description.en === description?.en))
  const hosts = [...scopes, ...Object.keys(optionalScopes)].filter((scope) => /^(?:net|tcp):/.test(scope) && isReservedName(scope.split(':')[1] ?? ''))
  return [
    ...(isReservedName(inDomain) ? [wrong(`Its id "${id}" lies in a domain that nobody can have.`, 'Take an id in a domain of yours, such as fr.vendor.canteen, before anybody uses it: it never changes afterwards.', 'plugin.json')] : []),
    ...(publisher.name === 'Example' ? [wrong('Its publisher is called "Example".', 'Say in `publisher.name` who publishes it, as people know you.', 'plugin.json')] : []),
    ...addressFinding('publisher.contact', publisher.contact, 'plugin.json'),
    ...(template === undefined ? [] : [wrong(`It is called "${title.fr}", and its description is that of the template "${template.template}".`, 'Say in `description` what your plugin is for, in French and English.', 'plugin.json')]),
    ...hosts.map((scope) => wrong(`It asks for "${scope}", a host that nobody can have.`, 'Ask for the host that your plugin really talks to.', 'plugin.json')),
  ]
}

function inSupport(files: ReadonlyMap<string, Buffer>): readonly Finding[] {
  const support = promisedSupportOf(files)
  // What is missing is told by OPS-03.
  if (support === undefined || support === 'unreadable') return []
  return (['contact', 'security'] as const).flatMap((key) => addressFinding(`support.${key}`, support[key], 'package.json'))
}

function addressFinding(what: string, address: unknown, file: string): readonly Finding[] {
  const name = typeof address === 'string' ? nameIn(address) : undefined
  return name === undefined || !isReservedName(name) ? [] : [wrong(`${what} is at ${name}, which nobody can have: who writes there reaches nobody.`, 'Write an address that somebody reads.', file)]
}
