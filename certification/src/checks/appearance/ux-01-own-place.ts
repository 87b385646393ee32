import type { TakenOut } from '@liberacces/core'
import type { Check } from '../../harness/check.ts'
import { onEveryScreen } from '../parts/screen-findings.ts'

/** A plugin looks as the platform does: no styles of its own, which would reach beyond its place or be taken away from it. */
export const ownPlace: Check<'browser'> = {
  id: 'UX-01', since: '1.0', level: 'silver', gate: 'browser', maturity: 'enforced', timeoutMs: 240_000,
  title: { fr: 'Aucun effet hors de sa place', en: 'No effect beyond its place' },
  rationale: {
    fr: 'Un style propre déborde sur la page des voisins et casse le thème, les contrastes et l’impression ; la plateforme le retire, et la page ne ressemble plus à ce que l’auteur a vu.',
    en: 'A style of its own spills over neighbours, and breaks theme, contrast and print; the platform takes it out, and the page no longer looks as its author saw it.',
  },
  howToFix: 'Use the components and classes of the UI kit: they follow the theme of each local authority.',
  example: { bad: '<p style="color: red">…</p>', good: '<Notice kind="warning">…</Notice>' },
  run: (stage) => onEveryScreen(stage, ({ styles, takenOut }) => [...styles, ...takenOut.filter(isStyle).map((one) => ({ what: told(one), html: htmlOf(one) }))],
    ({ what }) => ({ message: `an element ${what}.`, fix: ownPlace.howToFix })),
}

/** Whether what was taken out was there for the looks of it. */
export function isStyle({ element, attribute }: TakenOut): boolean {
  return attribute === undefined ? element === 'style' || element === 'font' || element === 'center' : ['style', 'class', 'bgcolor', 'color', 'align', 'valign', 'border', 'background'].includes(attribute)
}

function told({ element, attribute }: TakenOut): string {
  return attribute === undefined ? `<${element}> styles the page, and is taken out by the platform` : `has the attribute ${attribute}, which is taken out by the platform`
}

/** What was taken out, as it may have stood there. */
export function htmlOf({ element, attribute, value }: TakenOut): string {
  return attribute === undefined ? `<${element}${value === '' ? '' : ` … ${value}`}>` : `<${element} ${attribute}="${value}">`
}
