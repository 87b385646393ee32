import semver from 'semver'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** What it was built for has an upper end: nobody can have tested it with a version that does not exist yet. */
export const sdkRange: Check<'package'> = {
  id: 'MAN-04', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Les versions prises en charge sont bornées', en: 'The range of supported versions is bounded' },
  rationale: {
    fr: 'Une application qui prétend fonctionner avec toute version future de la plateforme n’a pu être essayée avec aucune d’elles : la panne arrive un jour de mise à jour.',
    en: 'A plugin that claims every future version of the platform was tried with none of them: it breaks on the day of an update.',
  },
  howToFix: "Name the versions of the SDK that it was built and tested with, such as sdk: '^0.1.0', and plugins that it requires likewise.",
  example: { bad: "sdk: '*'", good: "sdk: '^0.1.0'" },
  async run({ manifest }) {
    if (manifest === undefined) return { status: 'skip', why: 'It has no manifest; see MAN-01.' }
    const { sdk, requires, optional } = manifest
    const ranges = [
      { what: 'sdk', range: sdk },
      // A contract carries its version in its id.
      ...Object.entries({ ...requires, ...optional }).filter(([id]) => !/\/v\d+$/.test(id)).map(([id, range]) => ({ what: `requires "${id}"`, range })),
    ]
    return findings(ranges.filter(({ range }) => isUnbounded(range)).map(({ what, range }): Finding => ({
      message: `${what}: "${range}" has no upper end, so that it takes versions that do not exist yet.`, fix: this.howToFix, file: 'plugin.json', evidence: [],
    })))
  },
}

/** A range that is none is told by the check of the manifest. */
function isUnbounded(range: string): boolean {
  return semver.validRange(range) !== null && semver.intersects(range, '>=1000000.0.0')
}
