import type { ComponentChildren, JSX } from 'preact'
import { useReader } from './reader.ts'
import { numberText } from './number-text.ts'

/** What a tile of the Bureau shows. */
export interface TileProps {
  readonly count?: number
  /** What is counted, such as "demandes à traiter". */
  readonly label?: string
  readonly href?: string
  /** Text of the link. @defaultValue the label */
  readonly linkLabel?: string
  readonly children?: ComponentChildren
}

/** The content of a tile of the Bureau; its heading and frame are drawn by the slot. */
export function Tile({ count, label, href, linkLabel, children }: TileProps): JSX.Element {
  const { locale } = useReader()
  const link = linkLabel ?? label
  return (
    <div class="la-tile-content">
      {(count !== undefined || label !== undefined) && (
        <p class="la-tile-figure">
          {count !== undefined && <strong>{numberText(count, locale)}</strong>} {label}
        </p>
      )}
      {children}
      {href !== undefined && link !== undefined && <p class="la-tile-link"><a href={href}>{link}</a></p>}
    </div>
  )
}
