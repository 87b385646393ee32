import { collectRegistrations, manifestOf, type Manifest } from '@liberacces/sdk/host'
import { expect, test } from 'vitest'
import { planUpgrade } from '../../src/lifecycle/planned.ts'
import { plugin } from './crashing-lifecycle.ts'

const made = plugin('a')
const base = manifestOf(made, collectRegistrations(made))
const release = (id: string, version: string, more: Partial<Manifest> = {}): Manifest => ({ ...base, id: `fr.test.${id}`, path: id, version, requires: {}, optional: {}, provides: [], ...more })
const NONE: ReadonlySet<string> = new Set()
const A = 'fr.test.a'

const plan = (available: readonly Manifest[], running: readonly Manifest[], range = '*') => planUpgrade({ available, running, shared: NONE }, A, range, '1.0.0')?.target.version

test('[L19] an upgrade goes to the newest release that all others at the tenant can live with', () => {
  const [first, second, third] = ['1.0.0', '1.1.0', '2.0.0'].map((version) => release('a', version))
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three were made.')
  const picky = release('b', '1.0.0', { requires: { [A]: '^1.0.0' } })
  expect(plan([first, second, third], [first])).toBe('2.0.0')
  expect(plan([first, second, third, picky], [first, picky])).toBe('1.1.0')
  // Another release of the dependant that is not installed here has no say.
  expect(plan([first, second, third, picky, release('b', '2.0.0', { requires: { [A]: '^9.0.0' } })], [first, picky])).toBe('1.1.0')
  expect(plan([first], [first])).toBeUndefined()
})

test('[L19] what an upgrade would break is named before anything begins: a need, a circle, a contract of two vendors, a path', () => {
  const first = release('a', '1.0.0')
  const b = release('b', '1.0.0', { requires: { [A]: '*' }, provides: ['fr.test.thing/v1'] })
  const trying = (next: Partial<Manifest>, running: readonly Manifest[] = [first, b]) => () => plan([first, release('a', '1.1.0', next), b], running)
  expect(trying({ requires: { 'fr.test.other/v1': '*' } })).toThrow(expect.objectContaining({ code: 'PLUGIN_NEED_MISSING' }))
  expect(trying({ requires: { 'fr.test.b': '*' } })).toThrow(expect.objectContaining({ code: 'PLUGIN_NEED_CYCLE' }))
  expect(trying({ provides: ['fr.test.thing/v1'] })).toThrow(expect.objectContaining({ code: 'PLUGIN_PATH_TAKEN' }))
  expect(trying({ path: 'b' })).toThrow(expect.objectContaining({ code: 'PLUGIN_PATH_TAKEN' }))
  // All at once.
  expect(trying({ path: 'b', requires: { 'fr.test.other/v1': '*' } })).toThrow(/fr\.test\.other.*both claim|both claim.*fr\.test\.other/s)
})
