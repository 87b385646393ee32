import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** A narrow screen, text of twice the size and the wish that nothing moves are all borne. */
export const reflow: Check<'browser'> = {
  id: 'A11Y-03', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Lisible sur un petit écran, en grands caractères et sans mouvement', en: 'Fit for a small screen, large text and no motion' },
  rationale: {
    fr: 'Sur un téléphone, ou agrandie deux fois par qui voit mal, la page doit se lire sans la faire glisser de côté.',
    en: 'On a phone, or at twice the size for weak eyes, a page has to be read without scrolling sideways.',
  },
  howToFix: 'Put wide tables into <DataTable>, long codes into <code>, and give nothing a fixed width or height.',
  example: { bad: '<table><tr>… twelve columns …</tr></table>', good: '<DataTable caption={…} rows={rows} columns={columns} />' },
  refs: { rgaa: ['10.4', '10.11', '13.8'] },
  run: (stage) => onEveryScreen(stage, ({ narrow, enlarged, moving }) => [
    ...narrow.map((spot) => ({ ...spot, where: 'in a window of 320 pixels' })),
    ...enlarged.map((spot) => ({ ...spot, where: 'with text of twice the size' })),
    ...moving.map((spot) => ({ ...spot, where: 'though the reader asked that nothing does' })),
  ], ({ what, where }) => ({ message: `an element ${what} ${where}.`, fix: reflow.howToFix })),
}
