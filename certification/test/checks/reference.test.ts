import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHECKS } from '../../src/checks/index.ts'
import { GATES } from '../../src/harness/check.ts'
import { referenceOf } from './reference-of.ts'

const REFERENCE = join(import.meta.dirname, '../../../docs/reference/checks.md')

test('[C112] the reference says of every check what the check says of itself (`vitest -u` writes it)', async () => {
  await expect(referenceOf(CHECKS, GATES)).toMatchFileSnapshot(REFERENCE)
})
