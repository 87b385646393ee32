import { Badge } from '@liberacces/sdk/ui'
import type { CanteenContext } from '../canteen-types.ts'
import { allergenText } from './allergen-text.ts'
import { MEALS, type Dish } from './dish.ts'

/** The dishes of a day, by meal, with signs and allergens. */
export function DayMenu({ c, dishes, edit, level = 4 }: { readonly c: CanteenContext; readonly dishes: readonly Dish[]; readonly edit?: (dish: Dish) => string; readonly level?: 3 | 4 }) {
  const Heading = `h${level}` as const
  return <>{MEALS.filter((meal) => dishes.some((dish) => dish.meal === meal)).map((meal) => (
    <div key={meal}>
      <Heading>{c.t(`menus.meal.${meal}`)}</Heading>
      <ul>{dishes.filter((dish) => dish.meal === meal).map((dish) => (
        <li key={dish.id}>
          {edit === undefined ? dish.name : <a href={edit(dish)}>{dish.name}</a>}
          {dish.diets.includes('vegetarian') && <> <Badge kind="success">{c.t('menus.diet.vegetarian')}</Badge></>}
          {dish.siqo.map((one) => <span key={one}> <Badge kind="info">{c.t(`menus.siqo.${one}`)}</Badge></span>)}
          {edit !== undefined && <> <a href={`${edit(dish)}/supprimer`}>{c.t('menus.dish.remove')}<span class="la-hidden-text"> {dish.name}</span></a></>}
          {dish.labels !== '' && <small> {dish.labels}</small>}
          {dish.allergens.length > 0 && <div><small>{c.t('menus.allergens', { list: dish.allergens.map((code) => allergenText(c, code)).join(', ') })}</small></div>}
        </li>
      ))}</ul>
    </div>
  ))}</>
}
