import { digestOf } from '@liberacces/core'
import { CATALOGUE_VERSION, CHECKS } from '../checks/index.ts'
import { inCatalogueOrder } from './catalogue-order.ts'
import type { AnyCheck } from './check.ts'
import type { Report } from './report.ts'

/** What a check says of itself, without what it does. */
export type CheckText = Omit<AnyCheck, 'run'>

/** Every check as text, in the order of the catalogue. */
export function catalogueTexts(): readonly CheckText[] {
  return inCatalogueOrder(CHECKS).map((check) => Object.fromEntries(Object.entries(check).filter(([key]) => key !== 'run')) as unknown as CheckText)
}

/** Which catalogue this is: a label says by which one it was given. */
export function catalogueIdentity(): Report['catalogue'] {
  return { version: CATALOGUE_VERSION, digest: digestOf(Buffer.from(JSON.stringify(catalogueTexts()))) }
}
