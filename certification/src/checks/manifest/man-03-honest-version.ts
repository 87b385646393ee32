import type { Manifest } from '@liberacces/sdk/host'
import semver from 'semver'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { NO_PREVIOUS, previousManifest } from '../parts/previous-release.ts'
import { brokenBy } from '../parts/schema-change.ts'

/** Its version says whether others can go on relying on it. */
export const honestVersion: Check<'package'> = {
  id: 'MAN-03', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Le numéro de version dit ce qui change', en: 'The version says what changes' },
  rationale: {
    fr: 'La plateforme met à jour d’elle-même ce que le numéro annonce comme compatible : une rupture cachée casse les applications voisines en pleine journée.',
    en: 'The platform updates by itself what the number calls compatible: a hidden break stops neighbours in the middle of the day.',
  },
  howToFix: 'Keep what others rely on, add the new thing beside it with a contract of its own (…/v2), or raise the major version (below 1.0: the minor one).',
  example: { bad: "version: '1.4.1' that no longer emits fr.example.canteen.booking-created/v1", good: "version: '2.0.0', or 1.5.0 that emits /v1 and /v2" },
  async run(subject) {
    const { manifest } = subject
    if (manifest === undefined) return { status: 'skip', why: 'It has no manifest; see MAN-01.' }
    const previous = await previousManifest(subject)
    if (previous === undefined) return { status: 'skip', why: NO_PREVIOUS }
    if (previous.id !== manifest.id) return { status: 'skip', why: `The archive given with --previous is of "${previous.id}".` }
    const found: Finding[] = []
    const { howToFix } = this
    const say = (message: string, fix = howToFix): void => { found.push({ message, fix, file: 'plugin.json', evidence: [`${previous.version} → ${manifest.version}`] }) }
    if (!semver.gt(manifest.version, previous.version)) say(`Version ${manifest.version} does not come after ${previous.version}.`, 'Raise the version with every release.')
    for (const name of previous.migrations.filter((one) => !manifest.migrations.includes(one))) say(`The migration "${name}" is gone: where ${previous.version} runs, the tables cannot be brought on.`, 'Never remove or rename a migration that was released; add one.')
    for (const change of changedSchemas(previous, manifest)) say(`${change}; whoever reads this event by its contract fails.`, 'Emit a new contract (…/v2) beside it.')
    const removed = removedContracts(previous, manifest)
    if (removed.length > 0 && !mayBreak(previous.version, manifest.version)) for (const one of removed) say(`${one}, and ${previous.version} → ${manifest.version} promises that nothing breaks.`)
    return findings(found)
  },
}

function changedSchemas(previous: Manifest, manifest: Manifest): readonly string[] {
  return previous.emits.flatMap(({ id, schema }) => {
    const now = manifest.emits.find((event) => event.id === id)
    return now === undefined ? [] : brokenBy(schema, now.schema).map((change) => `${id}: ${change}`)
  })
}

function removedContracts(previous: Manifest, manifest: Manifest): readonly string[] {
  const emits = manifest.emits.map(({ id }) => id)
  return [
    ...previous.emits.filter(({ id }) => !emits.includes(id)).map(({ id }) => `It no longer emits ${id}`),
    ...previous.provides.filter((id) => !manifest.provides.includes(id)).map((id) => `It no longer provides ${id}`),
    ...(previous.path === manifest.path ? [] : [`Its pages move from /apps/${previous.path}/ to /apps/${manifest.path}/`]),
  ]
}

/** Whether semver lets a step break things: a new major version, and below 1.0 a new minor one. */
function mayBreak(from: string, to: string): boolean {
  const step = semver.diff(from, to)
  return step === 'major' || step === 'premajor' || (semver.major(from) === 0 && (step === 'minor' || step === 'preminor'))
}
