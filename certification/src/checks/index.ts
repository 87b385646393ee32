import type { AnyCheck } from '../harness/check.ts'
import { accessibilityRules } from './accessibility/a11y-01-rules.ts'
import { keyboardUse } from './accessibility/a11y-02-keyboard.ts'
import { reflow } from './accessibility/a11y-03-reflow.ts'
import { settledByHand } from './accessibility/a11y-04-settled.ts'
import { ownPlace } from './appearance/ux-01-own-place.ts'
import { longerTexts } from './language/i18n-02-longer-texts.ts'
import { KERNEL_CHECKS } from './kernel-checks.ts'
import { validManifest } from './manifest/man-01-valid-manifest.ts'
import { sdkRange } from './manifest/man-04-sdk-range.ts'
import { steadyPage } from './performance/prf-02-steady-page.ts'
import { nothingForeign } from './security/sec-07-nothing-foreign.ts'

/** Version of the catalogue: its minor number grows with every check that comes, its major one when one becomes stricter. */
export const CATALOGUE_VERSION = '1.0'

/** Every check, in the order of the catalogue. */
export const CHECKS: readonly AnyCheck[] = [
  validManifest, sdkRange,
  nothingForeign,
  accessibilityRules, keyboardUse, reflow, settledByHand,
  longerTexts,
  ownPlace,
  steadyPage,
  ...KERNEL_CHECKS,
]
