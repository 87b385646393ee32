import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** Everything can be used with the keyboard alone: reached, seen when it has the focus, in the order in which it stands, and left again. */
export const keyboardUse: Check<'browser'> = {
  id: 'A11Y-02', since: '1.0', level: 'bronze', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Tout s’utilise au clavier', en: 'Everything can be used with the keyboard' },
  rationale: {
    fr: 'Qui ne peut tenir une souris, ou ne voit pas l’écran, passe d’un élément à l’autre au clavier : ce qui n’est pas atteint n’existe pas pour lui.',
    en: 'Who cannot hold a mouse, or does not see the screen, goes from one thing to the next by keyboard: what is not reached is not there for them.',
  },
  howToFix: 'Use real links and buttons, in the order in which they are read, and leave tabindex alone.',
  example: { bad: '<div role="button">Supprimer</div>', good: '<ActionButton action={c.url(\'/remove\')} label={c.t(\'remove\')} />' },
  refs: { rgaa: ['7.3', '10.7', '12.8', '12.9'] },
  run: (stage) => onEveryScreen(stage, ({ keyboard }) => keyboard, ({ what }) => ({ message: `an element ${what}.`, fix: keyboardUse.howToFix })),
}
