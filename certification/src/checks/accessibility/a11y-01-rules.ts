import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** No rule of accessibility that a program can decide is broken on any screen, in any of its states. */
export const accessibilityRules: Check<'browser'> = {
  id: 'A11Y-01', since: '1.0', level: 'bronze', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Aucun défaut d’accessibilité décelable par un programme', en: 'No fault of accessibility that a program can find' },
  rationale: {
    fr: 'Un champ sans étiquette ou un contraste trop faible ferme le service public à une partie des habitants. La loi l’interdit ; ces contrôles ne couvrent que 33 des 106 critères du RGAA.',
    en: 'A field without a label or too weak a contrast shuts some residents out of a public service. The law forbids it; these rules cover 33 of the 106 criteria of the RGAA at best.',
  },
  howToFix: 'Use the components of the UI kit, give every field a label, every picture a text, every page headings in order.',
  example: { bad: '<input name="q" />', good: '<TextField name="q" label={c.t(\'search.label\')} />' },
  refs: { article: 'Loi n° 2005-102, art. 47; RGAA 4.1; EN 301 549' },
  run: (stage) => onEveryScreen(stage, ({ violations }) => violations, ({ rule, what, criteria }) => ({
    message: `${what} (${[rule, ...criteria].join(', ')}).`, fix: `See the rule ${rule}: https://dequeuniversity.com/rules/axe/4.11/${rule}?lang=fr`,
  })),
}
