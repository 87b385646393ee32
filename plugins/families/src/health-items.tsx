import type { DescriptionListProps } from '@liberacces/sdk/ui'
import { paiHolds, type HealthRecord } from './domain/health-record.ts'
import type { FamiliesContext } from './families-types.ts'

/** A health record, term by term. @param protocolHref - where its protocol is read */
export function healthItems(c: FamiliesContext, record: HealthRecord, protocolHref: string): DescriptionListProps['items'] {
  const { pai } = record
  const until = pai?.lastDay === undefined ? '' : c.format.date(pai.lastDay)
  return [
    { term: c.t('field.allergens'), description: record.allergens.length === 0 ? c.t('health.no-allergen') : record.allergens.map((each) => c.t(`field.allergens.${each}`)).join(', ') },
    { term: c.t('health.pai'), description: pai === undefined ? c.t('health.no-pai') : c.t('health.pai-from', { state: paiHolds(record, c.today()) ? 'holds' : 'over', from: c.format.date(pai.firstDay), until, open: pai.lastDay === undefined ? 'yes' : 'no' }) },
    ...(pai?.treatment === undefined ? [] : [{ term: c.t('field.treatment'), description: pai.treatment }]),
    ...(pai?.protocolId === undefined ? [] : [{ term: c.t('field.protocol'), description: <a href={protocolHref}>{pai.protocolName}</a> }]),
    ...(record.note === undefined ? [] : [{ term: c.t('field.note'), description: record.note }]),
    ...(record.doctor === undefined ? [] : [{ term: c.t('field.doctor'), description: record.doctor }]),
    { term: c.t('field.shownOn'), description: record.shownOn.length === 0 ? c.t('health.shown-nowhere') : record.shownOn.map((each) => c.t(`field.shownOn.${each}`)).join(', ') },
  ]
}
