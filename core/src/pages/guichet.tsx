import { SERVICE_CATEGORIES } from '@liberacces/sdk/slots'
import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { EmptyState, Icon, Markdown } from '@liberacces/sdk/ui'
import { Slot, type IconName, type SlotItem } from './slot.tsx'
import { useTranslate } from './translate.ts'

/** A service of the Guichet's list. */
export interface GuichetServiceItem {
  readonly title: string
  /** Absolute on this host. */
  readonly href: string
  readonly category: (typeof SERVICE_CATEGORIES)[number]
  readonly description?: string
  readonly icon?: IconName
}

/** The home page of the Guichet. */
export interface GuichetPageProps {
  /** The tenant's words of welcome, in Markdown. */
  readonly welcome?: string
  readonly services: readonly GuichetServiceItem[]
  readonly blocks: readonly SlotItem[]
}

/** The home page of the Guichet: services by category, then what plugins show. */
export function GuichetPage({ welcome, services, blocks }: GuichetPageProps): JSX.Element {
  const t = useTranslate()
  const categories = SERVICE_CATEGORIES.filter((category) => services.some((service) => service.category === category))
  return (
    <div class="la-page guichet">
      <div class="guichet-welcome">
        <h1>{t('guichet.title')}</h1>
        {welcome === undefined || welcome === '' ? <p class="la-intro">{t('guichet.intro')}</p> : <Markdown text={welcome} />}
      </div>
      {services.length === 0 && blocks.length === 0 && <EmptyState title={t('guichet.empty')}><p>{t('guichet.empty.advice')}</p></EmptyState>}
      {categories.length > 0 && (
        <div class="guichet-categories">
          {categories.map((category) => (
            <section key={category} class="guichet-category" aria-labelledby={`category-${category}`}>
              <h2 id={`category-${category}`}>{t(`guichet.category.${category}`)}</h2>
              <ul>
                {services.filter((service) => service.category === category).map((service) => (
                  <li key={service.href} class="service">
                    <Icon name={service.icon ?? 'document'} />
                    <div>
                      <a href={service.href}>{service.title}</a>
                      {service.description !== undefined && <p>{service.description}</p>}
                    </div>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
      {blocks.length > 0 && <Slot items={blocks} layout="blocks" />}
    </div>
  )
}
