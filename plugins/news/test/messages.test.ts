import { expect, test } from 'vitest'
import { ARTICLE_STATUSES, REFUSALS } from '../src/article.ts'
import { CATEGORIES } from '../src/article-content.ts'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }

test('both languages say the same things', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
})

test('every state, subject and refusal has its words', () => {
  expect(Object.keys(fr)).toEqual(expect.arrayContaining([
    ...ARTICLE_STATUSES.map((status) => `status.${status}`), ...CATEGORIES.map((category) => `field.category.${category}`), ...REFUSALS.map((reason) => `refused.${reason}`),
  ]))
})

test('French has non-breaking spaces before double punctuation, and typographic apostrophes', () => {
  const wrong = Object.entries(fr).filter(([, text]) => / [:;?!»]/.test(text) || /« /.test(text) || text.includes('\''))
  expect(wrong).toEqual([])
})
