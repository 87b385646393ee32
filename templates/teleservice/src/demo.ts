import type { StreetPermitDemo } from './street-permit-types.ts'
import { insertRequest, type NewRequest } from './requests.ts'

const SAMPLES: readonly (Omit<NewRequest, 'fromDay' | 'toDay'> & { readonly applicant: string; readonly inDays: number })[] = [
  { purpose: 'scaffolding', place: '12 rue du Port', details: 'Ravalement de façade, emprise de 6 mètres.', applicant: 'Claire Moreau', inDays: 9 },
  { purpose: 'skip', place: '3 place de l’Église', applicant: 'Julien Petit', inDays: 4 },
  { purpose: 'moving', place: '27 avenue de la Gare', details: 'Camion de 20 m³, deux places de stationnement.', applicant: 'Nadia Benali', inDays: 12 },
  { purpose: 'terrace', place: '1 quai des Voiliers', applicant: 'Café du Quai', inDays: 30 },
  { purpose: 'event', place: 'Parc municipal', details: 'Fête des voisins, une trentaine de personnes.', applicant: 'Comité de quartier', inDays: 21 },
]

/** A few requests that wait. */
export async function fillDemo(c: StreetPermitDemo): Promise<void> {
  const day = (inDays: number): string => new Date(c.now().getTime() + inDays * 86_400_000).toISOString().slice(0, 10)
  await c.transaction(async (tx) => {
    for (const { applicant, inDays, ...request } of SAMPLES) await insertRequest(c, tx, { ...request, fromDay: day(inDays), toDay: day(inDays + Math.floor(c.random() * 5)) }, { id: 'demo', name: applicant })
  })
}
