import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { ALLERGENS } from '../src/domain/allergens.ts'
import { LEVELS } from '../src/domain/school-year.ts'
import { DOCUMENT_KINDS, REQUEST_STATES } from '../src/tables.ts'

test('both languages say the same things, and every choice has its words', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  const needed = [...ALLERGENS.map((each) => `field.allergens.${each}`), ...LEVELS.map((each) => `field.level.${each}`), ...DOCUMENT_KINDS.map((each) => `field.kind.${each}`), ...REQUEST_STATES.map((each) => `request.state.${each}`)]
  expect(needed.filter((key) => !Object.hasOwn(fr, key))).toEqual([])
})

test('French has a no-break space before high punctuation and within guillemets, and typographic apostrophes', () => {
  const wrong = Object.entries(fr).filter(([, text]) => /[^\u00a0\u202f]([;?!»%]|:(?!\/))|« | »| [:;?!%]|'/u.test(text.replaceAll(/\{[^{}]*\}/g, '').replace(/https?:/g, '')))
  expect(wrong).toEqual([])
})
