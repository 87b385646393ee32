import semver from 'semver'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { NO_PREVIOUS, previousManifest } from '../parts/previous-release.ts'
import { changelogOf } from '../parts/changelog.ts'

/** An update that wants more says so. */
export const announcedScopes: Check<'package'> = {
  id: 'CAP-05', since: '1.0', level: 'silver', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Une mise à jour qui demande plus de droits l’annonce', en: 'An update that asks for more says so' },
  rationale: {
    fr: 'La plateforme demande l’accord de l’administrateur ; encore faut-il qu’il sache pourquoi, et qu’une simple correction n’en profite pas.',
    en: 'The platform asks the administrator to agree; they must know what for, and a mere correction must not take advantage of it.',
  },
  howToFix: 'Raise at least the minor version, and name each new scope in CHANGELOG.md under this version, with what it is for; or make it an optional scope, which can be refused.',
  example: { bad: "1.4.0 → 1.4.1 with scopes: ['db', 'net:*']", good: "1.4.0 → 1.5.0, and in CHANGELOG.md: “Asks for `net:api.payfip.example`, to pay online.”" },
  refs: { cwe: [250] },
  async run(subject) {
    const { manifest, files } = subject
    if (manifest === undefined || files === undefined) return { status: 'skip', why: 'It has no manifest; see MAN-01.' }
    const previous = await previousManifest(subject)
    if (previous === undefined || previous.id !== manifest.id) return { status: 'skip', why: NO_PREVIOUS }
    const had = new Set([...previous.scopes, ...Object.keys(previous.optionalScopes ?? {})])
    const added = [...manifest.scopes, ...Object.keys(manifest.optionalScopes ?? {})].filter((scope) => !had.has(scope))
    const news = changelogOf(files, manifest.version) ?? ''
    const { howToFix: fix } = this
    const isCorrection = semver.diff(previous.version, manifest.version) === 'patch'
    return findings(added.flatMap((scope): readonly Finding[] => [
      ...(isCorrection && manifest.scopes.includes(scope) ? [{ message: `${previous.version} → ${manifest.version} is a correction, and asks for "${scope}" besides.`, fix, file: 'plugin.json', evidence: [] }] : []),
      ...(news.includes(scope) ? [] : [{ message: `It asks for "${scope}" since this version, and CHANGELOG.md does not say so.`, fix, file: 'CHANGELOG.md', evidence: [] }]),
    ]))
  },
}
