import { asDay } from '@liberacces/sdk'
import { describe, expect, test } from 'vitest'
import type { Mandate } from '../src/mandate.ts'
import { checkPerson, isPublic, roleOn, type PersonDraft } from '../src/person.ts'

const draft = (fields: Partial<PersonDraft> = {}): PersonDraft => ({
  kind: 'agent', firstName: 'Anne', lastName: 'Le Goff', role: 'Archiviste', serviceId: undefined, email: '', emailPublic: false,
  phone: '', phonePublic: false, internalPhone: '', room: '', accountId: '', listed: true, ...fields,
})
const today = asDay('2026-11-23')
const current: Mandate = { office: 'deputy', title: 'Adjointe à la culture', rank: 1, startsOn: asDay('2026-03-20'), lastDay: asDay('2032-03-31') }
const ended: Mandate = { office: 'mayor', title: 'Maire', rank: undefined, startsOn: asDay('2020-05-25'), lastDay: asDay('2026-03-19') }

describe('checking a person', () => {
  test('tidies what was typed', () => {
    const result = checkPerson(draft({ firstName: ' Anne\u0301 ', email: 'ANNE@Mairie.example', phone: '0536491234', internalPhone: '1 02', room: ' A 101 ' }))
    expect(result).toMatchObject({ ok: true, value: { firstName: 'Ann\u00e9', email: 'anne@mairie.example', phone: '05 36 49 12 34', internalPhone: '102', room: 'A 101' } })
  })

  test('names everything that is wrong at once', () => {
    expect(checkPerson(draft({ firstName: '\u0000 ', lastName: '—', role: 'x'.repeat(161), email: 'anne', phone: '12', internalPhone: 'douze' }))).toEqual({
      ok: false, problems: { firstName: 'required', lastName: 'required', role: 'too-long', email: 'email', phone: 'phone', internalPhone: 'internal-phone' },
    })
  })

  test('a name cannot hold a line break', () => {
    expect(checkPerson(draft({ lastName: 'Le\r\nGoff' }))).toMatchObject({ ok: true, value: { lastName: 'Le Goff' } })
  })
})

describe('what the public sees', () => {
  const elected = { kind: 'elected', listed: true } as const
  const agent = { kind: 'agent', listed: true } as const

  test('an élu only while a mandate runs', () => {
    expect([[current], [ended], []].map((mandates) => isPublic(elected, mandates, today, { showAgents: false }))).toEqual([true, false, false])
  })

  test('an agent only where the collectivité shows its agents', () => {
    expect([true, false].map((showAgents) => isPublic(agent, [], today, { showAgents }))).toEqual([true, false])
  })

  test('nobody who objected', () => {
    expect(isPublic({ ...agent, listed: false }, [], today, { showAgents: true })).toBe(false)
    expect(isPublic({ ...elected, listed: false }, [current], today, { showAgents: true })).toBe(false)
  })

  test('the role of the highest mandate that runs, never of one that ended', () => {
    const councillor: Mandate = { ...current, office: 'councillor', title: 'Conseillère' }
    expect(roleOn({ role: '' }, [councillor, ended, current], today)).toBe('Adjointe à la culture')
    expect(roleOn({ role: 'Archiviste' }, [ended], today)).toBe('Archiviste')
  })
})
