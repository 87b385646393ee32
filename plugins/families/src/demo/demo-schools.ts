import type { Level } from '../domain/school-year.ts'

/** The schools of a demonstration, with one class for each level. */
export const DEMO_SCHOOLS: readonly { readonly name: string; readonly classes: readonly { readonly name: string; readonly level: Level; readonly teacher: string }[] }[] = [
  {
    name: 'École maternelle Jacques-Prévert',
    classes: [
      { name: 'Petite section', level: 'PS', teacher: 'Mme Bellanger' }, { name: 'Moyenne section', level: 'MS', teacher: 'M. Carré' }, { name: 'Grande section', level: 'GS', teacher: 'Mme Ollivier' },
    ],
  },
  {
    name: 'École élémentaire Jules-Ferry',
    classes: [
      { name: 'CP', level: 'CP', teacher: 'Mme Tanguy' }, { name: 'CE1', level: 'CE1', teacher: 'M. Leroux' }, { name: 'CE2', level: 'CE2', teacher: 'Mme Hamelin' },
      { name: 'CM1', level: 'CM1', teacher: 'Mme Sauvage' }, { name: 'CM2', level: 'CM2', teacher: 'M. Bodin' },
    ],
  },
]
