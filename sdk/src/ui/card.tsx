import { toChildArray, type ComponentChildren, type JSX } from 'preact'

/** Cards side by side. */
export interface CardListProps {
  readonly children?: ComponentChildren
}

/** Cards side by side, as a list. */
export function CardList({ children }: CardListProps): JSX.Element {
  return <ul class="la-card-list">{toChildArray(children).map((card, index) => <li key={index}>{card}</li>)}</ul>
}

/** One thing among others. */
export interface CardProps {
  readonly title: string
  readonly href?: string
  /** Level of its heading. @defaultValue 3 */
  readonly level?: 2 | 3
  /** `alt` is empty where the picture only decorates. */
  readonly image?: { readonly src: string; readonly alt: string }
  /** Small print, such as a date. */
  readonly meta?: ComponentChildren
  readonly children?: ComponentChildren
}

/** One thing among others: a heading that may link, a picture, a little text. */
export function Card({ title, href, level = 3, image, meta, children }: CardProps): JSX.Element {
  const Heading = `h${level}` as const
  return (
    <article class={href === undefined ? 'la-card' : 'la-card la-card-link'}>
      <div class="la-card-body">
        <Heading class="la-card-title">{href === undefined ? title : <a href={href}>{title}</a>}</Heading>
        {meta !== undefined && <p class="la-card-meta">{meta}</p>}
        {children !== undefined && <div class="la-card-text">{children}</div>}
      </div>
      {/* After the heading in the source, above it on the screen: the title is heard first. */}
      {image !== undefined && <img class="la-card-image" src={image.src} alt={image.alt} loading="lazy" />}
    </article>
  )
}
