import type { Check } from '../../harness/check.ts'
import { htmlOf, isStyle } from '../appearance/ux-01-own-place.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** Its pages hold nothing that runs, and load nothing from elsewhere: neither the browser nor the platform has to refuse a thing. */
export const nothingForeign: Check<'browser'> = {
  id: 'SEC-07', since: '1.0', level: 'bronze', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Rien d’étranger dans les pages', en: 'Nothing foreign in the pages' },
  rationale: {
    fr: 'Un script ou une image venus d’ailleurs livrent l’habitant à un tiers, et tombent en panne avec lui. La plateforme les retire : la page arrive incomplète.',
    en: 'A script or a picture from elsewhere hands residents over to a third party, and fails along with it. The platform takes them out: the page arrives incomplete.',
  },
  howToFix: 'Leave scripts out: pages work without. Serve pictures from the plugin\'s own addresses, and link to other sites instead of showing them.',
  example: { bad: '<script src="https://cdn.example/chart.js"></script>', good: '<BarChart … />' },
  refs: { cwe: [79, 829] },
  run: (stage) => onEveryScreen(stage, ({ refused, takenOut }) => [
    ...refused.map((what) => ({ what: `the browser refused it: ${what}`, html: '' })),
    ...takenOut.filter((one) => !isStyle(one)).map((one) => ({ what: one.attribute === undefined ? `<${one.element}> may not stand in a page, and was taken out by the platform` : `the attribute ${one.attribute} of <${one.element}> may not be there, or not lead there, and was taken out by the platform`, html: htmlOf(one) })),
  ], ({ what }) => ({ message: `${what}.`, fix: nothingForeign.howToFix })),
}
