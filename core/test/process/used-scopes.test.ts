import { expect, test } from 'vitest'
import { UsedScopes } from '../../src/process/used-scopes.ts'

test('[R46] who tries names without number hides nothing of what it uses later', () => {
  const scopes = new UsedScopes()
  for (let count = 0; count < 1_000; count += 1) scopes.refuse(`emit:x${count}`)
  const long = `net:${'x'.repeat(1_000)}`
  scopes.note(`${long}a`)
  scopes.note(`${long}b`)
  scopes.note('db')
  expect(scopes.list.length).toBe(302)
  expect(scopes.list.find(({ scope }) => scope === 'db')).toEqual({ scope: 'db', used: 1, refused: 0 })
  expect(scopes.list.find(({ scope }) => scope.startsWith('net:'))).toMatchObject({ used: 2 })
})
