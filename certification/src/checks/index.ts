import type { AnyCheck } from '../harness/check.ts'
import { accessibilityRules } from './accessibility/a11y-01-rules.ts'
import { keyboardUse } from './accessibility/a11y-02-keyboard.ts'
import { reflow } from './accessibility/a11y-03-reflow.ts'
import { settledByHand } from './accessibility/a11y-04-settled.ts'
import { ownPlace } from './appearance/ux-01-own-place.ts'
import { announcedScopes } from './capability/cap-05-announced-scopes.ts'
import { frenchGuide } from './documentation/doc-01-french-guide.ts'
import { frenchComplete } from './language/i18n-01-french-complete.ts'
import { longerTexts } from './language/i18n-02-longer-texts.ts'
import { KERNEL_CHECKS } from './kernel-checks.ts'
import { licenceText } from './licence/lic-01-licence-text.ts'
import { freeDependencies } from './licence/lic-02-free-dependencies.ts'
import { completeBill } from './licence/lic-03-complete-bill.ts'
import { validManifest } from './manifest/man-01-valid-manifest.ts'
import { ownName } from './manifest/man-02-own-name.ts'
import { honestVersion } from './manifest/man-03-honest-version.ts'
import { sdkRange } from './manifest/man-04-sdk-range.ts'
import { safeArchive } from './manifest/man-05-safe-archive.ts'
import { completeDigests } from './manifest/man-06-complete-digests.ts'
import { sameBytes } from './manifest/man-07-same-bytes.ts'
import { safeAssets } from './manifest/man-08-safe-assets.ts'
import { testsThatTest } from './operations/ops-02-tests-that-test.ts'
import { promisedSupport } from './operations/ops-03-promised-support.ts'
import { ownWords } from './operations/ops-04-own-words.ts'
import { lightArchive } from './performance/prf-01-light-archive.ts'
import { steadyPage } from './performance/prf-02-steady-page.ts'
import { plainCode } from './security/sec-01-plain-code.ts'
import { publicImports } from './security/sec-02-public-imports.ts'
import { noSecret } from './security/sec-03-no-secret.ts'
import { noKnownHole } from './security/sec-04-no-known-hole.ts'
import { noRawHtml } from './security/sec-05-no-raw-html.ts'
import { nothingForeign } from './security/sec-07-nothing-foreign.ts'

/** Version of the catalogue: its minor number grows with every check that comes, its major one when one becomes stricter. */
export const CATALOGUE_VERSION = '2.1'

/** Every check, in the order in which those of one gate run. */
export const CHECKS: readonly AnyCheck[] = [
  validManifest, ownName, honestVersion, sdkRange, safeArchive, completeDigests, sameBytes, safeAssets,
  licenceText, freeDependencies, completeBill,
  plainCode, publicImports, noSecret, noKnownHole, noRawHtml, nothingForeign,
  announcedScopes,
  accessibilityRules, keyboardUse, reflow, settledByHand,
  frenchComplete, longerTexts,
  ownPlace,
  lightArchive, steadyPage,
  testsThatTest, promisedSupport, ownWords,
  frenchGuide,
  ...KERNEL_CHECKS,
]
