/**
 * School years as they were published when this release was made, for a start without a file. The agent replaces them with the official file (`holiday-csv.ts`).
 * 2025–2026: arrêté of 7 December 2022. 2026–2027: arrêté of 22 October 2025, each period compared with others who read the ministry's open data; that of Ascension is the one Friday,
 * 7 May 2027, and schools are back on 1 September 2027 (arrêté of 21 July 2026). Later days are unknown, are not bookable and raise the alert until the official file is read in. Both days included.
 */
import { ZONES, type Zone, type ZoneHoliday } from './holiday-csv.ts'

/** From when to when {@link knownHolidays} says everything. */
export const KNOWN_YEARS = { firstDay: '2025-09-01', lastDay: '2027-08-31' } as const

/** The same for each zone. */
export const ZONE_SPANS: Readonly<Record<Zone, { readonly firstDay: string; readonly lastDay: string }>> = { A: KNOWN_YEARS, B: KNOWN_YEARS, C: KNOWN_YEARS }

const EVERYWHERE = [
  ['Vacances de la Toussaint', '2025-10-18', '2025-11-02'], ['Vacances de Noël', '2025-12-20', '2026-01-04'], ['Pont de l’Ascension', '2026-05-15', '2026-05-16'], ['Vacances d’été', '2026-07-04', '2026-08-31'],
  ['Vacances de la Toussaint', '2026-10-17', '2026-11-01'], ['Vacances de Noël', '2026-12-19', '2027-01-03'], ['Pont de l’Ascension', '2027-05-07', '2027-05-08'], ['Vacances d’été', '2027-07-03', '2027-08-31'],
] as const
const BY_ZONE: Readonly<Record<Zone, readonly (readonly [string, string, string])[]>> = {
  A: [['Vacances d’hiver', '2026-02-07', '2026-02-22'], ['Vacances de printemps', '2026-04-04', '2026-04-19'], ['Vacances d’hiver', '2027-02-13', '2027-02-28'], ['Vacances de printemps', '2027-04-10', '2027-04-25']],
  B: [['Vacances d’hiver', '2026-02-14', '2026-03-01'], ['Vacances de printemps', '2026-04-11', '2026-04-26'], ['Vacances d’hiver', '2027-02-20', '2027-03-07'], ['Vacances de printemps', '2027-04-17', '2027-05-02']],
  C: [['Vacances d’hiver', '2026-02-21', '2026-03-08'], ['Vacances de printemps', '2026-04-18', '2026-05-03'], ['Vacances d’hiver', '2027-02-06', '2027-02-21'], ['Vacances de printemps', '2027-04-03', '2027-04-18']],
}

/** The holidays of all zones within {@link KNOWN_YEARS}. */
export function knownHolidays(): readonly ZoneHoliday[] {
  return ZONES.flatMap((zone) => [...EVERYWHERE, ...BY_ZONE[zone]].map(([name, firstDay, lastDay]) => ({ zone, name, firstDay, lastDay })))
}
