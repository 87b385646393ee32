import { expect, test } from 'vitest'
import { corpusPlugins } from '../../corpus/base/corpus-plugin.ts'
import { CHECKS } from '../../src/checks/index.ts'
import type { AnyCheck } from '../../src/harness/check.ts'
import { certifyBad } from './certify-corpus.ts'

certifyBad(['package', 'static'])

test('[C111] every check has a bad plugin that trips it, a title and a reason in both languages, a fix, and an example of both kinds', async () => {
  const bad = (await corpusPlugins()).filter(({ trips }) => trips !== undefined)
  expect(CHECKS.filter(({ id }) => !bad.some(({ trips }) => trips === id)).map(({ id }) => id), 'without a bad plugin').toEqual([])
  expect(bad.filter(({ trips }) => !CHECKS.some(({ id }) => id === trips)).map(({ name }) => name), 'of no check').toEqual([])
  const isComplete = (one: AnyCheck): boolean => [one.title.fr, one.title.en, one.rationale.fr, one.rationale.en, one.howToFix, one.example.bad, one.example.good].every((text) => text.trim() !== '') && one.example.bad !== one.example.good
  expect(CHECKS.filter((one) => !isComplete(one)).map(({ id }) => id), 'incomplete').toEqual([])
  expect(new Set(CHECKS.map(({ id }) => id)).size, 'ids given twice').toBe(CHECKS.length)
})
