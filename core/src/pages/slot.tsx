import type { ICONS } from '@liberacces/sdk/slots'
import { jsx, type JSX } from '@liberacces/sdk/jsx-runtime'
import { Icon } from '@liberacces/sdk/ui'
import { OutageText, type ShownOutage } from './outage-text.tsx'
import { useTranslate } from './translate.ts'

/** Name of an icon. */
export type IconName = (typeof ICONS)[number]

interface SlotItemBase {
  /** Unique within the page, of letters, digits, dots and hyphens. */
  readonly id: string
  readonly title: string
  readonly icon?: IconName
}

/** One contribution to a slot: rendered, failed, or still on its way. `html` is safe already. */
export type SlotItem = SlotItemBase & (
  | { readonly state: 'ready'; readonly html: string }
  | { readonly state: 'failed'; readonly outage?: ShownOutage }
  /** `href` answers with the same content, in a {@link SlotFrame}. */
  | { readonly state: 'late'; readonly href: string }
)

/** The contributions of a slot. */
export interface SlotProps {
  readonly items: readonly SlotItem[]
  /** `tiles` side by side, `blocks` one below the other. */
  readonly layout: 'tiles' | 'blocks'
}

/** What plugins contributed to a slot, each in a frame of its own. */
export function Slot({ items, layout }: SlotProps): JSX.Element {
  return (
    <div class={`slot slot-${layout}`}>
      {items.map((item) => (
        <section key={item.id} class={`slot-item slot-item-${item.state}`} aria-labelledby={`${frameId(item.id)}-title`}>
          <h2 class="slot-title" id={`${frameId(item.id)}-title`}>{item.icon !== undefined && <Icon name={item.icon} />}{item.title}</h2>
          <div class="slot-body"><SlotContent item={item} /></div>
        </section>
      ))}
    </div>
  )
}

function SlotContent({ item }: { readonly item: SlotItem }): JSX.Element {
  const t = useTranslate()
  switch (item.state) {
    case 'ready': return <div dangerouslySetInnerHTML={{ __html: item.html }} />
    case 'failed': return <SlotFailed outage={item.outage} />
    case 'late': return jsx('turbo-frame', {
      id: frameId(item.id), src: item.href, loading: 'lazy', children: <p><a href={item.href}>{t('slot.show', { title: item.title })}</a></p>,
    })
    default: return item satisfies never
  }
}

function SlotFailed({ outage }: { readonly outage: ShownOutage | undefined }): JSX.Element {
  const t = useTranslate()
  return outage === undefined ? <p class="slot-failed">{t('slot.failed')}</p> : <p class="slot-failed"><OutageText outage={outage} /></p>
}

/** The answer to a late contribution: Turbo takes its content over into the page. */
export interface SlotFrameProps {
  readonly id: string
  readonly title: string
  /** Safe already; `undefined` when the contribution failed again. */
  readonly html: string | undefined
  /** Why it failed, where that is known. */
  readonly outage?: ShownOutage
}

/** A contribution that arrived late. Without JavaScript it is a page of its own, so it has a heading. */
export function SlotFrame({ id, title, html, outage }: SlotFrameProps): JSX.Element {
  return (
    <div class="la-page">
      <h1>{title}</h1>
      {jsx('turbo-frame', {
        id: frameId(id), children: html === undefined ? <SlotFailed outage={outage} /> : <div dangerouslySetInnerHTML={{ __html: html }} />,
      })}
    </div>
  )
}

function frameId(id: string): string {
  return `slot-${id.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`
}
