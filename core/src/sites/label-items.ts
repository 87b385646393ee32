import type { LabelItem } from '../pages/label-cell.tsx'
import type { SiteServices } from './site-services.ts'

/** What is known of the label of each release, for pages that list releases. */
export async function labelItems({ labels, catalogue }: SiteServices): Promise<(id: string, version: string) => LabelItem> {
  const standings = new Map((await labels.standings()).map((standing) => [`${standing.id}@${standing.version}`, standing]))
  // What has a digest came in an archive.
  return (id, version) => standings.get(`${id}@${version}`) ?? (catalogue.digest(id, version) === undefined ? 'shipped' : 'none')
}
