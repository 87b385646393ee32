import { addReport, type NewReport } from './reports.ts'
import type { RoadReportDemo } from './road-report-types.ts'

const SAMPLES: readonly NewReport[] = [
  { kind: 'pothole', place: '8 rue des Tanneurs', details: 'Trou profond devant le passage piéton.' },
  { kind: 'light', place: 'Allée du Mail', details: 'Trois lampadaires éteints depuis lundi.' },
  { kind: 'waste', place: 'Parking de la plage', details: 'Dépôt de gravats près des conteneurs.' },
]

/** A few reports that wait for an application. */
export async function fillDemo(c: RoadReportDemo): Promise<void> {
  for (const sample of SAMPLES) await addReport(c, sample)
}
