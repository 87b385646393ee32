import { Families, type SchoolCard } from '@liberacces/plugin-families/contract'
import { TextBody } from '@liberacces/sdk'
import { GuichetBlock, GuichetService } from '@liberacces/sdk/slots'
import { ButtonLink, EmptyState, Page, Section } from '@liberacces/sdk/ui'
import { dayName } from '../attendance/day-name.ts'
import type { CanteenContext, CanteenRegistrar } from '../canteen-types.ts'
import { DayMenu } from './dish-text.tsx'
import { publishedDishes } from './menu-store.ts'
import { scdlMenus, type Restaurant } from './scdl.ts'
import { mondayOf, plusDays } from './week.ts'

/** Weeks shown: this one and the three after it. */
const SHOWN_DAYS = 27
/** Open data goes back so many days. */
const OPEN_DAYS = 400

/** Menus for everybody: a page, a block on the home page, open data. */
export function registerPublicMenus(k: CanteenRegistrar): void {
  k.page({ path: '/menus', audience: 'public', title: 'menus.title', menu: 44 }, async (c) => {
    const monday = mondayOf(c.today())
    const dishes = await publishedDishes(c.db, monday, plusDays(monday, SHOWN_DAYS))
    const weeks = [...new Set(dishes.map(({ dish }) => mondayOf(dish.day)))]
    return (
      <Page title={c.t('menus.title')} intro={c.t('menus.intro')} actions={c.settings.siret !== undefined && <ButtonLink href={c.url('/menus/export/menus.csv')}>{c.t('menus.export')}</ButtonLink>}>
        {weeks.length === 0 && <EmptyState title={c.t('menus.none')} />}
        {weeks.map((week) => (
          <Section key={week} title={c.t('menus.weekOf', { day: c.format.date(week) })}>
            {[...new Set(dishes.map(({ dish }) => dish.day))].filter((day) => mondayOf(day) === week).map((day) => (
              <Section key={day} title={dayName(c.locale, day)} level={3}><DayMenu c={c} dishes={dishes.flatMap(({ dish }) => (dish.day === day ? [dish] : []))} /></Section>
            ))}
          </Section>
        ))}
      </Page>
    )
  })

  k.route({ method: 'GET', path: '/menus/export/menus.csv', audience: 'public', summary: 'Published menus as open data (SCDL menus-collectifs 1.2.3)', response: { 200: TextBody('text/csv') } }, async (c) => {
    const { siret, producerName = c.tenant.name, producerSiret } = c.settings
    if (siret === undefined) return c.notFound()
    const today = c.today()
    const schools = await c.use(Families).schools({})
    return c.reply(200, scdlMenus({ name: c.tenant.name, siret, producer: producerName, producerSiret, insee: c.tenant.insee }, schools.map(restaurantOf), await publishedDishes(c.db, plusDays(today, -OPEN_DAYS), plusDays(today, OPEN_DAYS))), { 'content-disposition': 'attachment; filename="menus-collectifs.csv"' })
  })

  k.contribute(GuichetService, { title: 'menus.title', category: 'enfance', href: '/menus', description: 'menus.description', icon: 'utensils' })
  k.contribute(GuichetBlock, { title: 'menus.today', render: async (c: CanteenContext) => {
    const today = c.today()
    const dishes = (await publishedDishes(c.db, today, today)).map(({ dish }) => dish)
    return dishes.length === 0 ? null : <><DayMenu c={c} dishes={dishes} level={3} /><p><a href={c.url('/menus')}>{c.t('menus.all')}</a></p></>
  } })
}

function restaurantOf({ name, uai, classes }: SchoolCard): Restaurant {
  const isNursery = classes.length > 0 && classes.every(({ level }) => ['TPS', 'PS', 'MS', 'GS'].includes(level))
  return { name, uai, kind: isNursery ? 'maternelle' : 'élémentaire' }
}
