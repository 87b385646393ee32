import type { JSX } from 'preact'
import type { ICONS } from '../slots.ts'

/** A picture by name. */
export interface IconProps {
  readonly name: (typeof ICONS)[number]
}

/** A small picture in the colour of the text. It decorates only: say the same in words beside it. */
export function Icon({ name }: IconProps): JSX.Element {
  // Drawn by the style sheet, so that pages carry no graphics of their own.
  return <span class={`la-icon la-icon-${name}`} aria-hidden="true" />
}
