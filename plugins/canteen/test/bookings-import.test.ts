import type { TestClient } from '@liberacces/certification/testing'
import { addDays } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { addActivity, APP, html, startCanteen, type CanteenTown } from './booking-kit.ts'
import { plain } from './plain.ts'

const FORM = `${APP}/gestion/importer`
const HEADER = 'Enfant;École;Activité;Date'
/** Five days of school in a row, in a commune whose calendar is known. */
const WEEK = [0, 1, 3, 4].map((days) => addDays('2026-03-16', days))

/** A town with as many children as wanted, each enrolled in the activity. */
async function enrolled(children: number, capacity?: number): Promise<CanteenTown & { readonly ids: readonly string[] }> {
  const town = await startCanteen()
  town.platform.outside.advance(Date.parse('2026-03-02T08:00:00Z') - town.platform.outside.now())
  const agent = await town.platform.as(['agent.enfance'])
  const ids = Array.from({ length: children }, () => `${town.town.addHousehold()}-1`)
  const { activityId } = await addActivity({ agent }, capacity === undefined ? {} : { capacity })
  const { db } = town.platform.platform.storage.store({ tenantId: town.platform.tenant().id, pluginId: 'fr.liberacces.canteen' })
  const rows = ids.map((id) => ({ id: `inscription ${id}`, child_id: id, household_id: id.replace(/-1$/, ''), activity_id: activityId, first_day: '2025-09-01', last_day: '2026-07-03', state: 'active', decided_at: null, created_at: '2025-09-01T00:00:00Z', requested_by: null }))
  for (let start = 0; start < rows.length; start += 200) await db.insertInto('enrolment').values(rows.slice(start, start + 200)).execute()
  return { ...town, agent, ids }
}

/** Sends a file, and gives the address of its report. */
async function send(agent: TestClient, whenFaulty: 'nothing' | 'good', lines: readonly string[]): Promise<string> {
  const answer = await agent.submit(FORM, { whenFaulty, file: new File([[HEADER, ...lines].join('\r\n')], 'reservations.csv', { type: 'text/csv' }) })
  if (answer.status !== 303) throw new Error(`${answer.status} ${answer.text}`)
  return (answer.headers['location'] ?? '').split('?')[0] ?? ''
}

/** The text of a page within its frame, without its tags. */
const read = async (agent: TestClient, path: string): Promise<string> => plain((/<main[\s\S]*<\/main>/.exec((await agent.get(path, html)).text)?.[0] ?? '').replaceAll(/<[^>]+>/g, ' '))
const booked = async (agent: TestClient): Promise<number> => (await agent.get(`${APP}/gestion/export/reservations.csv?du=${WEEK[0]}&au=${WEEK[3]}`)).text.trim().split('\r\n').length - 1

test('every faulty line of a file is told, those that the rules refuse too, and nothing is imported or what is good, as chosen', async () => {
  const { platform, agent, ids } = await enrolled(3, 2)
  await using _ = platform
  const lines = [
    ...ids.map((id) => `${id};;Repas Restauration;16/03/2026`), `${ids[0]};École élémentaire Jean-Jaurès;repas restauration;2026-03-17`,
    `${ids[0]};;Repas Restauration;16/03/2026`, 'personne;;Repas Restauration;16/03/2026', `${ids[1]};École de nulle part;Piscine;29/02/2027`, `${ids[1]};;Repas Restauration;18/03/2026`, '=1+1;;Repas Restauration;16/03/2026',
  ]
  const nothing = await send(agent, 'nothing', lines)
  const report = await read(agent, nothing)
  expect(['Aucune réservation importée, 5 lignes fautives', '7 anomalies', 'Enfant inconnu : « personne »', 'École inconnue : « École de nulle part »', 'Activité inconnue : « Piscine »', 'Date impossible : « 29/02/2027 »', 'le mercredi'].filter((text) => !report.includes(text))).toEqual([])
  expect(await booked(agent)).toBe(0)
  const file = plain((await agent.get(`${nothing}/anomalies.csv`)).text)
  expect(file.trim().split('\r\n').map((line) => line.split(';')[0])).toEqual(['Ligne', '6', '7', '8', '8', '8', '9', '10'])
  // The third child of the first day waits: a place on the list is none of the faults.
  expect(await read(agent, await send(agent, 'good', lines))).toContain('4 réservations importées, 5 lignes fautives')
  expect(await booked(agent)).toBe(4)
  expect(await read(agent, await send(agent, 'nothing', ['x']))).toContain('Aucune réservation importée')
  // A report of one kind is none of the other, nor anybody's.
  expect((await agent.get(nothing.replace('/gestion/importer/', '/gestion/facturation/tarifs/importer/'), html)).status).toBe(403)
  const regisseur = await platform.as('agent.regie')
  expect([(await regisseur.get(nothing.replace('/gestion/importer/', '/gestion/facturation/tarifs/importer/'), html)).status, (await regisseur.get(nothing, html)).status]).toEqual([404, 403])
})

test('a file of two thousand lines is read in steps that say how far they are; no line is lost or read twice, and more faults than a page holds are all told', async () => {
  const { platform, agent, ids } = await enrolled(500)
  await using _ = platform
  const lines = WEEK.flatMap((day) => ids.map((id, index) => `${index % 2 === 0 ? id : `inconnu-${id}`};;Repas Restauration;${day}`))
  expect(lines).toHaveLength(2_000)
  const path = await send(agent, 'good', lines)
  const begun = await read(agent, path)
  expect(begun).toMatch(/Le fichier se lit|réservations importées/)
  await platform.settle()
  const report = await read(agent, path)
  expect(report).toContain('1 000 réservations importées, 1 000 lignes fautives')
  expect(await booked(agent)).toBe(1_000)
  expect(await read(agent, `${path}?page=10`)).toContain('Enfant inconnu')
  expect((await agent.get(`${path}/anomalies.csv`)).text.trim().split('\r\n')).toHaveLength(1_001)
  // The same again, all or nothing: each line is told, nothing changes, and the file is gone.
  const again = await send(agent, 'nothing', lines)
  await platform.settle()
  expect(await read(agent, again)).toContain('Aucune réservation importée, 2 000 lignes fautives')
  expect(await booked(agent)).toBe(1_000)
  const clean = await send(agent, 'nothing', ids.filter((_id, index) => index % 2 === 1).map((id) => `${id};;Repas Restauration;${WEEK[0]}`))
  await platform.settle()
  expect(await read(agent, clean)).toContain('250 réservations importées, aucune ligne fautive')
  expect(await booked(agent)).toBe(1_250)
})
