import type { Check } from '../../harness/check.ts'
import { lookAlikeOf } from '../parts/look-alike.ts'

/** Plugins that everybody knows by their id. */
const KNOWN = ['fr.liberacces.directory', 'fr.liberacces.news', 'fr.liberacces.webhooks', 'fr.liberacces.bridge']

/** Its id is its own, and cannot be taken for another one. */
export const ownName: Check<'package'> = {
  id: 'MAN-02', since: '1.0', level: 'bronze', gate: 'package', maturity: 'enforced', timeoutMs: 5_000,
  title: { fr: 'Le nom ne prête pas à confusion', en: 'The id cannot be taken for another one' },
  rationale: {
    fr: 'Un administrateur choisit une application par son nom : une lettre changée suffit à lui en faire installer une autre.',
    en: 'An administrator picks a plugin by its name: one letter changed makes them install another one.',
  },
  howToFix: 'Choose an id under a domain of your own, such as fr.example.canteen, that is more than two letters away from ids that are known.',
  example: { bad: "id: 'fr.liberacces.new5'", good: "id: 'fr.example.town-news'" },
  refs: { cwe: [1007] },
  async run({ manifest }) {
    if (manifest === undefined) return { status: 'skip', why: 'It has no manifest; see MAN-01.' }
    const other = lookAlikeOf(manifest.id, KNOWN)
    if (other === undefined) return { status: 'pass' }
    return { status: 'fail', findings: [{ message: `"${manifest.id}" is easily taken for "${other}".`, fix: this.howToFix, file: 'plugin.json', evidence: [] }] }
  },
}
