import { insertItem, type NewItem } from './items.ts'
import { addDays, dayOf } from './lost-item.ts'
import type { LostPropertyDemo } from './lost-property-types.ts'

const SAMPLES: readonly Omit<NewItem, 'foundOn'>[] = [
  { label: 'Trousseau de clés', category: 'key', foundPlace: 'Place de la mairie', details: 'Quatre clés, porte-clés en forme de phare.' },
  { label: 'Parapluie noir', category: 'other', foundPlace: 'Médiathèque' },
  { label: 'Téléphone portable', category: 'phone', foundPlace: 'Gymnase', details: 'Écran fendu, coque verte.', finderName: 'Association sportive' },
  { label: 'Sac à dos d’enfant', category: 'bag', foundPlace: 'Parc municipal', details: 'Un goûter et un carnet au nom de Léa.' },
  { label: 'Écharpe en laine', category: 'clothing', foundPlace: 'Marché' },
  { label: 'Carte de transport', category: 'document', foundPlace: 'Arrêt de bus des écoles' },
  { label: 'Bague', category: 'jewellery', foundPlace: 'Piscine', details: 'Gravée à l’intérieur.' },
]

/** A few items of the last weeks. */
export async function fillDemo(c: LostPropertyDemo): Promise<void> {
  const today = dayOf(c.now())
  await c.transaction(async (tx) => {
    for (const sample of SAMPLES) await insertItem(c, tx, { ...sample, foundOn: addDays(today, -Math.floor(c.random() * 60)) })
  })
}
