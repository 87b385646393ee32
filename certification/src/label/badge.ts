import type { Grade } from '@liberacces/core'
import { dayInFrench } from '../report/day-in-french.ts'
import { escaped } from '../report/markup.ts'
import { GRADES_IN_FRENCH } from './grades-in-french.ts'
import { rangeInFrench } from './range-in-french.ts'

/** What a badge shows. */
export interface BadgeFacts {
  readonly title: string
  readonly version: string
  readonly grade: Grade
  readonly kernelRange: string
  /** ISO 8601. */
  readonly notAfter: string
  /** Page of the register, `https://…`. */
  readonly register?: string
}

/**
 * A badge as SVG: no script, nothing from elsewhere. Text is text, so that it can be read aloud, enlarged and searched; dark on light with a
 * contrast of 15:1. It never says that there are no faults.
 */
export function badgeOf({ title, version, grade, kernelRange, notAfter, register }: BadgeFacts): string {
  const day = dayInFrench(notAfter)
  const lines = [`${title} ${version}`, `Compatible avec LiberAccès ${rangeInFrench(kernelRange)}`, `Niveau ${GRADES_IN_FRENCH[grade]}, jusqu’au ${day}`]
  const spoken = `Application compatible : ${lines.join('. ')}.`
  const drawing = [
    `<rect x="1" y="1" width="338" height="94" rx="8" fill="#ffffff" stroke="#1b2a41" stroke-width="2"/>`,
    `<circle cx="44" cy="48" r="26" fill="#1b2a41"/><path d="M32 49l9 9 16-20" fill="none" stroke="#ffffff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>`,
    `<text x="84" y="36" font-weight="bold" textLength="${lengthOf(lines[0])}" lengthAdjust="spacingAndGlyphs">${escaped(lines[0] ?? '')}</text>`,
    `<text x="84" y="58" textLength="${lengthOf(lines[1])}" lengthAdjust="spacingAndGlyphs">${escaped(lines[1] ?? '')}</text>`,
    `<text x="84" y="80" textLength="${lengthOf(lines[2])}" lengthAdjust="spacingAndGlyphs">${escaped(lines[2] ?? '')}</text>`,
  ].join('')
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="340" height="96" viewBox="0 0 340 96" role="img" lang="fr" aria-labelledby="titre resume">',
    `<title id="titre">Application compatible : ${escaped(title)} ${escaped(version)}</title><desc id="resume">${escaped(spoken)}</desc>`,
    `<g font-family="system-ui, sans-serif" font-size="15" fill="#1b2a41">${register === undefined ? drawing : `<a href="${escaped(register)}" aria-label="Page du registre">${drawing}</a>`}</g>`,
    '</svg>\n',
  ].join('')
}

/** Long lines are drawn narrower, so that they end within the frame. */
function lengthOf(text = ''): number {
  return Math.min(244, Math.round(text.length * 7.4))
}
