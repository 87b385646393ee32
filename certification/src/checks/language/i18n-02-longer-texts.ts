import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** Texts may be longer by four tenths, as those of other languages are, and nothing is cut off. */
export const longerTexts: Check<'browser'> = {
  id: 'I18N-02', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Des textes plus longs tiennent dans la page', en: 'Longer texts fit the page' },
  rationale: {
    fr: 'Traduit, ou rempli par un nom de rue à rallonge, un texte grandit de moitié : coupé, il ne dit plus rien.',
    en: 'Translated, or filled with a long street name, a text grows by half: cut off, it says nothing.',
  },
  howToFix: 'Let texts wrap: give nothing that holds one a fixed width or height, and do not cut by class or style what may grow.',
  example: { bad: '<p class="la-visually-cut">…</p>', good: '<p>…</p>' },
  refs: { rgaa: ['10.12'] },
  run: (stage) => onEveryScreen(stage, ({ cut }) => cut, ({ what }) => ({ message: `an element ${what} when its text is longer by four tenths.`, fix: longerTexts.howToFix })),
}
