import { expect, test } from 'vitest'
import en from '../messages/en.json' with { type: 'json' }
import fr from '../messages/fr.json' with { type: 'json' }

test('every text is there in both languages', () => {
  expect(Object.keys(en)).toEqual(Object.keys(fr))
})
