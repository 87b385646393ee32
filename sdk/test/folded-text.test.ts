import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText, searchWords } from '../src/folded-text.ts'

describe('folding a text for searches', () => {
  test.each([
    ['Sœur Éloïse-Anne', 'soeur eloise anne'],
    ['  L’ÉTAT   CIVIL ', 'l etat civil'],
    ['Curriculum vitæ', 'curriculum vitae'],
    ['İstanbul', 'istanbul'],
    ['ﬁn ½', 'fin 1 2'],
  ])('%j becomes %j', (text, folded) => {
    expect(foldText(text)).toBe(folded)
  })

  test('folding twice changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => foldText(foldText(text)) === foldText(text)))
  })

  test('nothing of what SQL calls a wildcard is left', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[%_\\'"]/.test(foldText(text))))
  })

  test('a search keeps each word once, and at most eight', () => {
    expect(searchWords('Été, ete ; ÉTÉ !')).toEqual(['ete'])
    expect(searchWords('a b c d e f g h i j')).toHaveLength(8)
    expect(searchWords('%_!')).toEqual([])
  })
})
