import { checkManifest } from '@liberacces/core'
import { registerFormats, type Manifest } from '@liberacces/sdk/host'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { topicOf } from '../parts/pack-problems.ts'

/** The manifest is what the platform takes: a valid one, no key besides. */
export const validManifest: Check<'package'> = {
  id: 'MAN-01', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Le manifeste est valide', en: 'The manifest is valid' },
  rationale: {
    fr: 'Tout ce que la collectivité décide, de l’installation au consentement, se lit dans le manifeste : s’il est faux, rien d’autre ne peut être cru.',
    en: 'Whatever a local authority decides, from the installation to its consent, is read in the manifest: when that is wrong, nothing else can be believed.',
  },
  howToFix: 'Correct definePlugin({ … }) where the message points to, and pack again: plugin.json is made from it.',
  example: { bad: "definePlugin()({ id: 'Canteen', version: '1.0', … })", good: "definePlugin()({ id: 'fr.example.canteen', version: '1.0.0', … })" },
  async run({ files, problems, problemKind }) {
    if (problemKind === 'cannot-be-packed') {
      return findings(problems.filter((problem) => topicOf(problem) === 'manifest').map((problem): Finding => ({ message: `It cannot be packed: ${problem}`, fix: this.howToFix, evidence: [] })))
    }
    if (files === undefined) return { status: 'skip', why: 'The archive is not safe to unpack.' }
    registerFormats()
    return findings(manifestProblems(files).map((message): Finding => ({ message, fix: this.howToFix, file: 'plugin.json', evidence: [] })))
  },
}

function manifestProblems(files: ReadonlyMap<string, Buffer>): readonly string[] {
  const text = files.get('plugin.json')
  if (text === undefined) return ['plugin.json is missing: this is no packed plugin.']
  let value: unknown
  try {
    value = JSON.parse(text.toString())
  } catch (cause) {
    return [`plugin.json is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`]
  }
  return [...checkManifest(value as Manifest).map(({ message }) => message), ...disagreements(value as Manifest, files.get('package.json'))]
}

/** What package.json says of the same plugin. */
function disagreements(manifest: Manifest, described: Buffer | undefined): readonly string[] {
  if (described === undefined) return ['package.json is missing: an archive is an npm package.']
  let of: { readonly version?: unknown; readonly liberacces?: { readonly plugin?: unknown } }
  try {
    of = JSON.parse(described.toString()) as typeof of
  } catch (cause) {
    return [`package.json is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`]
  }
  return [
    ...(of.version === manifest.version ? [] : [`plugin.json is of version ${manifest.version}, package.json of ${JSON.stringify(of.version ?? null)}.`]),
    ...(of.liberacces?.plugin === manifest.id ? [] : [`plugin.json is about "${manifest.id}", package.json about ${JSON.stringify(of.liberacces?.plugin ?? null)}.`]),
  ]
}
