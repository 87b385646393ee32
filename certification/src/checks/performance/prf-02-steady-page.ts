import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** Pages stand still while they come. */
export const steadyPage: Check<'browser'> = {
  id: 'PRF-02', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'La page ne saute pas pendant qu’elle arrive', en: 'The page does not jump while it comes' },
  rationale: {
    fr: 'Sur un réseau lent, une image sans dimensions pousse le bouton sous le doigt au moment où l’on appuie.',
    en: 'On a slow network, a picture without dimensions pushes the button from under the finger at the moment it is pressed.',
  },
  howToFix: 'Give every picture its width and height, so that its room is kept.',
  example: { bad: '<img src={c.url(\'/picture\')} alt="…" />', good: '<img src={c.url(\'/picture\')} alt="…" width="640" height="360" />' },
  run: (stage) => onEveryScreen(stage, ({ jumps }) => jumps, ({ what }) => ({ message: `an element ${what}.`, fix: steadyPage.howToFix })),
}
