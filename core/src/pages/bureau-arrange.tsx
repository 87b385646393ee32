import type { JSX } from '@liberacces/sdk/jsx-runtime'
import { Badge, ButtonLink, EmptyState, Form, Icon, Page } from '@liberacces/sdk/ui'
import type { Move } from '../slots/layouts.ts'
import type { IconName } from './slot.tsx'
import { useTranslate } from './translate.ts'

/** A tile to be placed. */
export interface ArrangedTile {
  readonly id: string
  readonly title: string
  readonly icon?: IconName
  readonly hidden: boolean
}

/** The page on which an agent arranges the Bureau. Posts `tile` and `move` to `/bureau/organiser`. */
export interface BureauArrangePageProps {
  /** All tiles this agent may have, in their order. */
  readonly tiles: readonly ArrangedTile[]
}

/** Tiles with buttons to move, hide and show them. */
export function BureauArrangePage({ tiles }: BureauArrangePageProps): JSX.Element {
  const t = useTranslate()
  return (
    <Page title={t('arrange.title')} intro={<p>{t('arrange.intro')}</p>} breadcrumb={[{ label: t('shell.area.bureau'), href: '/bureau' }]} actions={<ButtonLink href="/bureau" kind="primary">{t('arrange.done')}</ButtonLink>}>
      {tiles.length === 0
        ? <EmptyState title={t('bureau.empty')} />
        : (
          <ol class="arrange">
            {tiles.map((tile, index) => {
              const moves: readonly Move[] = [...(index > 0 ? ['up' as const] : []), ...(index < tiles.length - 1 ? ['down' as const] : []), tile.hidden ? 'show' : 'hide']
              return (
                <li key={tile.id} class={tile.hidden ? 'arrange-tile arrange-tile-hidden' : 'arrange-tile'}>
                  <span class="arrange-title">
                    {tile.icon !== undefined && <Icon name={tile.icon} />}
                    {tile.title} {tile.hidden && <Badge>{t('arrange.hidden')}</Badge>}
                  </span>
                  <Form action="/bureau/organiser">
                    <input type="hidden" name="tile" value={tile.id} />
                    {moves.map((move) => (
                      <button key={move} type="submit" name="move" value={move} class="la-button la-button-secondary la-button-small">
                        {t(`arrange.${move}`)}<span class="la-hidden-text"> {tile.title}</span>
                      </button>
                    ))}
                  </Form>
                </li>
              )
            })}
          </ol>
        )}
    </Page>
  )
}
