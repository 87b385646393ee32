import type { Base } from './base.ts'

/** Gives whoever shares requests out among nodes time to notice that this one leaves. */
export async function leave({ config, serving: { front } }: Pick<Base, 'config' | 'serving'>): Promise<void> {
  if (front === undefined || config.stopDelayMs === 0) return
  front.leave()
  const { promise, resolve } = Promise.withResolvers<void>()
  setTimeout(resolve, config.stopDelayMs)
  await promise
}
