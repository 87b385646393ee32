import { createHash } from 'node:crypto'
import { slugOf } from '../tenancy/slug.ts'

/** Someone made up. */
export interface DemoPerson {
  readonly name: string
  readonly login: string
}

const FIRST_NAMES = [
  'Amélie', 'Anne-Sophie', 'Antoine', 'Aurélie', 'Bastien', 'Camille', 'Cécile', 'Chloé', 'Claire', 'Damien', 'Delphine', 'Élodie', 'Émilie', 'Éric',
  'Fabien', 'Fatima', 'Florence', 'Frédéric', 'Guillaume', 'Hélène', 'Inès', 'Isabelle', 'Jean-Marc', 'Jérôme', 'Julien', 'Karim', 'Laëtitia', 'Laurent',
  'Léa', 'Lucie', 'Magali', 'Marion', 'Mathilde', 'Maxime', 'Mehdi', 'Nadia', 'Nathalie', 'Nicolas', 'Olivier', 'Pascal', 'Pauline', 'Philippe',
  'Romain', 'Sandrine', 'Sébastien', 'Solène', 'Sophie', 'Stéphane', 'Sylvie', 'Thomas', 'Valérie', 'Véronique', 'Vincent', 'Yann', 'Yasmine', 'Xavier',
] as const

const LAST_NAMES = [
  'Arnaud', 'Aubin', 'Barbier', 'Baudry', 'Benali', 'Bernard', 'Bertin', 'Bironneau', 'Boisseau', 'Bonneau', 'Bouchet', 'Boutin', 'Brunet', 'Charrier',
  'Chauvet', 'Chevalier', 'Coutant', 'Da Silva', 'Delaunay', 'Dubois', 'Dupuy', 'Fournier', 'Gaillard', 'Gautier', 'Girard', 'Grelier', 'Guérin', 'Haddad',
  'Hervé', 'Jolly', 'Lambert', 'Leclerc', 'Lefèvre', 'Legrand', 'Lemoine', 'Martineau', 'Mercier', 'Michaud', 'Moreau', 'Morin', 'N’Diaye', 'Nguyen',
  'Pasquier', 'Pelletier', 'Perrin', 'Picard', 'Poirier', 'Rambaud', 'Renaud', 'Rivière', 'Robin', 'Rousseau', 'Sorin', 'Texier', 'Vallée', 'Vrignaud',
] as const

/** People of a tenant, always the same, no two of one name. At most one for each last name. */
export function demoPeople(slug: string, count: number): readonly DemoPerson[] {
  if (count > LAST_NAMES.length) throw new RangeError(`A demonstration has at most ${LAST_NAMES.length} people for each tenant.`)
  const bytes = createHash('sha256').update(`people of ${slug}`).digest()
  const start = bytes.readUInt32BE(0)
  // Steps that share no factor with the lengths walk through the whole list before they repeat.
  return Array.from({ length: count }, (_, index) => {
    const first = FIRST_NAMES[(bytes.readUInt32BE(4) + index * 23) % FIRST_NAMES.length] ?? ''
    const last = LAST_NAMES[(start + index * 17) % LAST_NAMES.length] ?? ''
    return { name: `${first} ${last}`, login: `${slugOf(first)}.${slugOf(last)}` }
  })
}
