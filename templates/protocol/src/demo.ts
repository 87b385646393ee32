import { addGathering } from './gatherings.ts'
import type { PublicAgendaDemo } from './public-agenda-types.ts'

const SAMPLES = [['Conseil municipal', 'Salle du conseil'], ['Marché de producteurs', 'Place de la mairie'], ['Collecte de sang', 'Salle des fêtes'], ['Nettoyage de la plage', 'Plage']] as const

/** A few dates of the weeks to come. */
export async function fillDemo(c: PublicAgendaDemo): Promise<void> {
  for (const [title, place] of SAMPLES) {
    const startsAt = new Date(c.now().getTime() + (1 + Math.floor(c.random() * 40)) * 86_400_000)
    startsAt.setUTCHours(17, 0, 0, 0)
    await addGathering(c, { title, place, startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 2 * 3_600_000).toISOString() })
  }
}
