import { test } from 'vitest'

test('a note has a text', () => {
  'a note'.trim()
})
