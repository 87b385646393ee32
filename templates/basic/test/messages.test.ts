import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }
import { CATEGORIES } from '../src/lost-item.ts'

test('both languages say the same things, and every category has its words', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
  expect(Object.keys(fr)).toEqual(expect.arrayContaining(CATEGORIES.map((category) => `field.category.${category}`)))
})

test('French has non-breaking spaces before double punctuation, and typographic apostrophes', () => {
  expect(Object.entries(fr).filter(([, text]) => / [:;?!»]|« |'/.test(text))).toEqual([])
})
