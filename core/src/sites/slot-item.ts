import type { IconName, SlotItem } from '../pages/slot.tsx'
import type { OutageInWords } from './outage-in-words.ts'
import type { ShownContribution } from '../slots/render-slot.ts'

/** Where a late contribution is to be had by itself. */
function contributionHref(key: string): string {
  return `/contributions/${encodeURIComponent(key)}`
}

/** A rendered contribution as the page components take it. */
export function slotItem({ key, title, data, content }: ShownContribution, outages: OutageInWords): SlotItem {
  const icon = typeof data['icon'] === 'string' ? { icon: data['icon'] as IconName } : {}
  const item = { id: key, title, ...icon }
  switch (content.state) {
    case 'ready': return { ...item, state: 'ready', html: content.html }
    case 'late': return { ...item, state: 'late', href: contributionHref(key) }
    case 'failed': return { ...item, state: 'failed', ...(content.outage === undefined ? {} : { outage: outages(content.outage) }) }
    case 'none': return { ...item, state: 'failed' }
    default: return content satisfies never
  }
}
