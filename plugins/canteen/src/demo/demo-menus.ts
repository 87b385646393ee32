import type { Allergen } from '../menus/allergens.ts'
import type { Course, Diet, Siqo } from '../menus/dish.ts'
import type { Quality } from '../menus/egalim.ts'

/** A dish made up. */
export interface DemoDish { readonly course: Course; readonly name: string; readonly allergens?: readonly Allergen[]; readonly diets?: readonly Diet[]; readonly siqo?: readonly Siqo[] }

const VEGETARIAN = { diets: ['vegetarian'] } as const
const BREAD: DemoDish = { course: 'bread', name: 'Pain de campagne', allergens: ['gluten'], siqo: ['organic'], ...VEGETARIAN }

/** Two weeks of lunches, Monday to Friday: they take turns. One lunch of each week is vegetarian from starter to side. */
export const DEMO_WEEKS: readonly (readonly (readonly DemoDish[])[])[] = [
  [
    [{ course: 'starter', name: 'Carottes râpées', siqo: ['organic'], ...VEGETARIAN }, { course: 'main', name: 'Rôti de dinde au jus', siqo: ['label-rouge'] }, { course: 'side', name: 'Purée de potimarron', allergens: ['milk'], ...VEGETARIAN }, { course: 'dairy', name: 'Yaourt nature', allergens: ['milk'], siqo: ['organic'], ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Betteraves vinaigrette', allergens: ['mustard'], ...VEGETARIAN }, { course: 'main', name: 'Lasagnes aux légumes', allergens: ['gluten', 'milk', 'eggs'], ...VEGETARIAN }, { course: 'side', name: 'Salade verte', ...VEGETARIAN }, { course: 'dessert', name: 'Pomme', siqo: ['organic'], ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Taboulé', allergens: ['gluten'], ...VEGETARIAN }, { course: 'main', name: 'Omelette aux fines herbes', allergens: ['eggs'], ...VEGETARIAN }, { course: 'side', name: 'Ratatouille', ...VEGETARIAN }, { course: 'dessert', name: 'Compote de poires', ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Velouté de légumes', allergens: ['celery', 'milk'], ...VEGETARIAN }, { course: 'main', name: 'Sauté de bœuf aux olives', siqo: ['organic'] }, { course: 'side', name: 'Semoule', allergens: ['gluten'], ...VEGETARIAN }, { course: 'dairy', name: 'Comté', allergens: ['milk'], siqo: ['aop'], ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Concombres à la crème', allergens: ['milk'], ...VEGETARIAN }, { course: 'main', name: 'Filet de merlu, sauce citron', allergens: ['fish', 'milk'] }, { course: 'side', name: 'Riz de Camargue', siqo: ['igp'], ...VEGETARIAN }, { course: 'dessert', name: 'Clémentines', siqo: ['organic'], ...VEGETARIAN }, BREAD],
  ],
  [
    [{ course: 'starter', name: 'Salade de lentilles', allergens: ['mustard'], siqo: ['organic'], ...VEGETARIAN }, { course: 'main', name: 'Gratin de pâtes au fromage', allergens: ['gluten', 'milk'], ...VEGETARIAN }, { course: 'side', name: 'Brocolis vapeur', ...VEGETARIAN }, { course: 'dessert', name: 'Kiwi', ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Radis beurre', allergens: ['milk'], ...VEGETARIAN }, { course: 'main', name: 'Poulet rôti', siqo: ['label-rouge'] }, { course: 'side', name: 'Haricots verts', siqo: ['organic'], ...VEGETARIAN }, { course: 'dairy', name: 'Fromage blanc', allergens: ['milk'], ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Macédoine', allergens: ['eggs', 'mustard'], ...VEGETARIAN }, { course: 'main', name: 'Jambon blanc', allergens: [] }, { course: 'side', name: 'Coquillettes', allergens: ['gluten'], siqo: ['organic'], ...VEGETARIAN }, { course: 'dessert', name: 'Banane', ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Potage de courgettes', ...VEGETARIAN }, { course: 'main', name: 'Brandade de morue', allergens: ['fish', 'milk'] }, { course: 'side', name: 'Salade verte', ...VEGETARIAN }, { course: 'dessert', name: 'Gâteau au yaourt', allergens: ['gluten', 'milk', 'eggs'], ...VEGETARIAN }, BREAD],
    [{ course: 'starter', name: 'Céleri rémoulade', allergens: ['celery', 'eggs', 'mustard'], ...VEGETARIAN }, { course: 'main', name: 'Blanquette de veau', allergens: ['gluten', 'milk'] }, { course: 'side', name: 'Carottes fondantes', siqo: ['organic'], ...VEGETARIAN }, { course: 'dairy', name: 'Chabichou du Poitou', allergens: ['milk'], siqo: ['aop'], ...VEGETARIAN }, BREAD],
  ],
]

/** What a kitchen buys in a month: without VAT in cents, for 100 meals on a day. Half is durable or of quality, a fifth organic. */
export const DEMO_PURCHASES: readonly { readonly supplier: string; readonly label: string; readonly cents: number; readonly quality: Quality }[] = [
  { supplier: 'Ferme des Marais', label: 'Légumes de saison', cents: 61_240, quality: 'organic' },
  { supplier: 'Laiterie du Val', label: 'Yaourts et fromages', cents: 38_715, quality: 'siqo' },
  { supplier: 'Boucherie centrale', label: 'Volaille Label rouge', cents: 54_080, quality: 'siqo' },
  { supplier: 'Criée du port', label: 'Poisson de pêche durable', cents: 33_960, quality: 'durable' },
  { supplier: 'Boulangerie Tessier', label: 'Pain', cents: 21_450, quality: 'organic' },
  { supplier: 'Grossiste Ouest', label: 'Épicerie et surgelés', cents: 148_305, quality: 'none' },
]
