import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }

test('both languages say the same things', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
})

test('French has a no-break space before high punctuation and within guillemets, and typographic apostrophes', () => {
  const wrong = Object.entries(fr).filter(([, text]) => /[^\u00a0\u202fs{p}:][;?!»]|« | »| [:;?!]|'/u.test(text.replace(/https?:/g, '')))
  expect(wrong).toEqual([])
})
