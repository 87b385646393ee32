import type { AnyCheck } from '../harness/check.ts'
import { validManifest } from './manifest/man-01-valid-manifest.ts'
import { sdkRange } from './manifest/man-04-sdk-range.ts'

/** Version of the catalogue: its minor number grows with every check that comes, its major one when one becomes stricter. */
export const CATALOGUE_VERSION = '1.0'

/** Every check, in the order of the catalogue. */
export const CHECKS: readonly AnyCheck[] = [
  validManifest, sdkRange,
]
