/** The children of the list, as they stand in the page. */
import type { Mark } from '../src/attendance/mark.ts'
import { isPressed, standingText, VERBS, type Standing, type Verb } from '../src/attendance/verb.ts'
import { text } from './texts.ts'

/** A child's row. */
export interface Row {
  readonly childId: string
  readonly name: string
  readonly standing: Standing
  /** Entry that held when the page was made, or that was recorded here since. */
  readonly entryId: string | undefined
  readonly badge: string
  readonly element: HTMLElement
  /** Whether somebody expected the child. */
  readonly expected: boolean
}

const PREFIX = 'enfant-'

/** The row of a child; `undefined` where the list has none. */
export function rowOf(childId: string): Row | undefined {
  const element = document.getElementById(PREFIX + childId)
  return element === null ? undefined : read(element)
}

/** All rows. */
export function rows(): readonly Row[] {
  return [...document.querySelectorAll<HTMLElement>('.la-roll-item')].map(read)
}

/** The row that has a badge. */
export function rowWithBadge(code: string): Row | undefined {
  return code === '' ? undefined : rows().find(({ badge }) => badge === code)
}

function read(element: HTMLElement): Row {
  const [mark = 'none', entryId = '', arrivedAt = '', leftAt = '', badge = ''] = (element.querySelector('.la-roll-value')?.getAttribute('value') ?? '').split('|')
  return {
    childId: element.id.slice(PREFIX.length), name: element.querySelector('.la-roll-name')?.textContent ?? '', badge, element, expected: element.closest('#pointage-autres') === null,
    standing: { mark: mark as Mark, arrivedAt: blank(arrivedAt), leftAt: blank(leftAt) }, entryId: blank(entryId),
  }
}

/** Shows what holds of a child from now on. */
export function show({ element, badge, childId, expected }: Row, standing: Standing, entryId: string | undefined): void {
  element.querySelector('.la-roll-value')?.setAttribute('value', [standing.mark, entryId ?? '', standing.arrivedAt ?? '', standing.leftAt ?? '', badge].join('|'))
  for (const button of element.querySelectorAll<HTMLButtonElement>('button[name="marque"]')) {
    const verb = verbOf(button)
    if (verb === undefined) continue
    const pressed = isPressed(verb, standing)
    button.setAttribute('aria-pressed', String(pressed))
    button.value = `${pressed ? 'none' : verb}:${childId}`
  }
  const said = standingText(standing, expected)
  const place = element.querySelector('.la-roll-state')
  const state = document.createElement('span')
  state.className = `la-badge la-badge-${said?.kind ?? 'neutral'}`
  state.textContent = said === undefined ? '' : text(`state.${said.text}`, { time: said.time ?? '' })
  place?.replaceChildren(...(said === undefined ? [] : [state]))
}

/** Remembers what each button does, before any is pressed: one that is pressed says "none". */
export function rememberVerbs(verbs: readonly Exclude<Verb, 'none'>[]): void {
  for (const { element } of rows()) {
    for (const [index, button] of element.querySelectorAll<HTMLButtonElement>('button[name="marque"]').entries()) {
      const verb = verbs[index]
      if (verb !== undefined) button.dataset['verb'] = verb
    }
  }
}

function verbOf({ dataset }: HTMLButtonElement): Exclude<Verb, 'none'> | undefined {
  const verb = VERBS.find((one) => one === dataset['verb'])
  return verb === 'none' ? undefined : verb
}

/** Counts anew what the page says above the list. */
export function summarize(): void {
  const place = document.getElementById('pointage-bilan')
  if (place === null) return
  const expected = rows().filter((row) => row.expected)
  const count = (...marks: readonly Mark[]): string => String(expected.filter(({ standing }) => marks.includes(standing.mark)).length)
  place.textContent = text('summary', { expected: String(expected.length), present: count('present', 'late'), absent: count('absent', 'excused'), open: count('none') })
}

function blank(value: string): string | undefined {
  return value === '' ? undefined : value
}
