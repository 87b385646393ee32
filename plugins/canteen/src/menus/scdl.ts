/** Menus as open data: schema `menus-collectifs` 1.2.3 of the SCDL. One line for each dish and restaurant. */
// The writer of the SDK is for spreadsheets: semicolons, a byte order mark, formulas guarded. The schema wants none of it.
import { stringify } from 'csv-stringify/sync'
import type { Allergen } from './allergens.ts'
import type { Course, Diet, Dish, Meal, Siqo } from './dish.ts'

/** Where the meals are eaten. */
export interface Restaurant {
  readonly name: string
  /** Number of a school in the ministry's register. */
  readonly uai: string | undefined
  readonly kind: 'maternelle' | 'élémentaire'
}

/** Who publishes and who cooks. */
export interface Publisher {
  readonly name: string
  readonly siret: string
  readonly producer: string
  readonly producerSiret: string | undefined
  readonly insee: string | undefined
}

const MEAL: Readonly<Record<Meal, string>> = { lunch: 'déjeuner', snack: 'goûter', picnic: 'pique-nique' }
const COURSE: Readonly<Record<Course, string>> = { starter: 'entrée', main: 'plat principal', side: 'garniture', dairy: 'produit laitier', dessert: 'dessert', bread: 'pain', other: 'autre' }
// The schema has a blank after "sans porc".
const DIET: Readonly<Record<Diet, string>> = { 'vegetarian': 'végétarien', 'no-salt': 'sans sel', 'no-pork': 'sans porc ', 'no-added-sugar': 'sans sucre ajouté' }
const SIGN: Readonly<Record<Siqo, string>> = {
  'organic': 'agriculture biologique', 'aop': "appellation d'origine protégée", 'aoc': "appellation d'origine contrôlée", 'igp': 'indication géographique protégée', 'stg': 'spécialité traditionnelle garantie', 'label-rouge': 'label rouge',
}
const ALLERGEN: Readonly<Record<Allergen, string>> = {
  gluten: 'céréales contenant du gluten', crustaceans: 'crustacés', eggs: 'oeufs', fish: 'poissons', peanuts: 'arachides', soybeans: 'soja', milk: 'lait', nuts: 'fruits à coques', celery: 'céleri', mustard: 'moutarde',
  sesame: 'graines de sésame', sulphites: 'anhydride sulfureux et sulfites', lupin: 'lupin', molluscs: 'mollusques',
}

const COLUMNS = [
  'menuCollNom', 'menuCollSiret', 'menuEtablissementNom', 'menuEtablissementSiret', 'menuRestaurantNom', 'menuRestaurantInsee', 'menuRestaurantId', 'menuRestaurantIdType', 'menuRestaurantType', 'menuRestaurantConvive',
  'menuDate', 'menuRepasType', 'menuPlatType', 'menuPlatNom', 'menuPlatCode', 'menuPlatSiqo', 'menuPlatLabel', 'menuPlatPrecision', 'menuPlatRegime', 'menuPlatAllergene', 'menuPlatTexture', 'menuPlatNutriscore', 'menuPlatPrix',
  'menuPublicationDate', 'menuModificationDate', 'menuModificationInfo',
] as const

/**
 * Writes the file: UTF-8, `,`, as the schema's examples are.
 * @param published - when each dish's week was published, ISO 8601
 */
export function scdlMenus({ name, siret, producer, producerSiret = '', insee = '' }: Publisher, restaurants: readonly Restaurant[], dishes: readonly { readonly dish: Dish; readonly published: string }[]): string {
  const list = (values: readonly string[]): string => (values.length === 0 ? '' : JSON.stringify(values))
  const moment = (instant: string): string => `${instant.slice(0, 19)}Z`
  const rows = dishes.flatMap(({ dish, published }) => restaurants.map(({ name: restaurant, uai, kind }): Readonly<Record<(typeof COLUMNS)[number], string>> => ({
    menuCollNom: name, menuCollSiret: siret, menuEtablissementNom: producer, menuEtablissementSiret: producerSiret, menuRestaurantNom: restaurant, menuRestaurantInsee: insee,
    menuRestaurantId: uai ?? '', menuRestaurantIdType: uai === undefined ? 'sans' : 'EN', menuRestaurantType: kind, menuRestaurantConvive: 'tous',
    menuDate: dish.day, menuRepasType: MEAL[dish.meal], menuPlatType: COURSE[dish.course], menuPlatNom: dish.name, menuPlatCode: '',
    menuPlatSiqo: list(dish.siqo.map((one) => SIGN[one])), menuPlatLabel: dish.labels, menuPlatPrecision: '', menuPlatRegime: list(dish.diets.map((one) => DIET[one])), menuPlatAllergene: list(dish.allergens.map((one) => ALLERGEN[one])),
    menuPlatTexture: list(['sans texture modifiée']), menuPlatNutriscore: '', menuPlatPrix: '', menuPublicationDate: moment(published), menuModificationDate: moment(dish.changedAt), menuModificationInfo: '',
  })))
  return stringify([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))], { record_delimiter: 'windows' })
}
