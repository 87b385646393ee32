import { COMMUNE_SAMPLES } from './commune-samples.ts'
import type { Sample } from './sample.ts'
import { SATELLITE_SAMPLES } from './satellite-samples.ts'

/** A place among the articles of a demonstration. */
export interface Slot {
  /** In which the article appears, from 1. */
  readonly month: number
  /** Whether it has been taken off the site since; only such a place may hold an alert of the day. */
  readonly over: boolean
}

/** The samples that suit a collectivité of this kind and size, whatever the season. */
export function suitableSamples({ kind, population = 0 }: { readonly kind: string; readonly population?: number | undefined }): readonly Sample[] {
  return (kind === 'satellite' ? SATELLITE_SAMPLES : COMMUNE_SAMPLES).filter(({ fromPopulation = 0 }) => fromPopulation <= population)
}

/**
 * Gives each place a sample of its season, each sample once; nothing where none is left. Those with a picture come first, so
 * that some always appear, and those that belong to a season before those of every day.
 * @param random - from 0 to 1
 */
export function chooseSamples(samples: readonly Sample[], slots: readonly Slot[], random: () => number): readonly (Sample | undefined)[] {
  const rank = ({ imageAlt, months }: Sample): number => random() - (imageAlt === undefined ? 0 : 0.5) - (months === undefined ? 0 : 0.25)
  const left = samples.map((sample) => ({ sample, rank: rank(sample) })).sort((a, b) => a.rank - b.rank).map(({ sample }) => sample)
  const take = (fits: (sample: Sample) => boolean): Sample | undefined => {
    const place = left.findIndex(fits)
    return place === -1 ? undefined : left.splice(place, 1)[0]
  }
  return slots.map(({ month, over }) => {
    const inSeason = ({ months }: Sample): boolean => months === undefined || months.includes(month)
    const alert = over ? take((sample) => sample.alert === true && inSeason(sample)) : undefined
    return alert ?? take((sample) => sample.alert !== true && inSeason(sample))
  })
}
