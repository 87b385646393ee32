/** Reads like the rules that the communes published. What a parent is told is the message itself. */
import IntlMessageFormat from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { parisInstant } from '../src/booking/calendar/paris-instant.ts'
import { decideAdd, decideCancel } from '../src/booking/engine/decide.ts'
import { cellKey, type BookingRow, type Situation, type Unit } from '../src/booking/engine/situation.ts'
import { refusalWords } from '../src/booking/words/refusal-words.ts'
import { parseRules } from '../src/booking/deadlines/rules.ts'
import { fr } from '../src/messages.ts'
import { rulesOf, type COMMUNES } from './communes.ts'

const child = { id: 'lina', householdId: 'moreau', firstName: 'Lina', lastName: 'Moreau', birthDay: '2018-05-12', schoolId: 'jaures' }
const speaker = { locale: 'fr' as const, t: (key: keyof typeof fr, values?: object) => String(new IntlMessageFormat(fr[key], 'fr').format(values as never)) }

/** One commune: asks on a day and at a time in Paris whether a meal can be booked or cancelled; the answer is `oui`, `majoré`, or the reason. */
function at(commune: keyof typeof COMMUNES, unitName = 'repas') {
  const activity = { id: 'a', name: 'Restauration scolaire', kind: 'canteen', firstDay: '2024-09-01', lastDay: '2027-08-31', rules: parseRules(JSON.stringify(rulesOf(commune))), approvedByAgent: false, archived: false, schoolIds: [] } as const
  const unit: Unit = { id: 'u', name: unitName, kind: 'meal', startsAt: '12:00', endsAt: '13:30', weekdays: '1245', capacity: undefined, withMeal: true, lastDay: undefined, activity }
  const situation = (now: string, bookings: readonly BookingRow[] = [], strike?: string): Situation => ({
    now: new Date(parisInstant(now.slice(0, 10), now.slice(11))), units: new Map([['u', unit]]),
    calendar: { known: { firstDay: '2024-09-01', lastDay: '2027-08-31' }, holidays: [], alsaceMoselle: false, closures: strike === undefined ? [] : [{ id: 's', kind: 'strike', firstDay: strike, lastDay: strike, schoolId: undefined, activityId: undefined, reason: 'mouvement national' }] },
    enrolments: [{ id: 'e', child_id: child.id, household_id: 'moreau', activity_id: 'a', first_day: '2024-09-01', last_day: '2027-08-31', state: 'active', decided_at: null, created_at: '', requested_by: null, reason: null }],
    bookings: new Map(bookings.map((row) => [cellKey(row.child_id, row.unit_id, row.day), row])),
  })
  const booked = (day: string) => [{ id: 'b', child_id: child.id, household_id: 'moreau', activity_id: 'a', unit_id: 'u', day, state: 'booked' } as unknown as BookingRow]
  return {
    books: (day: string, now: string, strike?: string): string => {
      const decision = decideAdd(situation(now, [], strike), child, 'u', day, 'family')
      return decision.ok ? (decision.late ? 'majoré' : 'oui') : refusalWords(speaker, decision.refusal, unit, day).replaceAll('\u00a0', ' ')
    },
    cancels: (day: string, now: string): string => {
      const decision = decideCancel(situation(now, booked(day)), child.id, 'u', day, 'family')
      return decision.ok ? 'oui' : refusalWords(speaker, decision.refusal, unit, day).replaceAll('\u00a0', ' ')
    },
  }
}

describe('Vailhauquès', () => {
  const { books } = at('vailhauques')
  test('le repas du lundi et du mardi se réserve avant le vendredi précédent 9 h, ensuite il est majoré', () => {
    expect([books('2026-03-02', '2026-02-27 09:00'), books('2026-03-03', '2026-02-27 08:59')]).toEqual(['oui', 'oui'])
    expect([books('2026-03-02', '2026-02-27 09:01'), books('2026-03-03', '2026-03-02 20:00')]).toEqual(['majoré', 'majoré'])
  })
  test('celui du jeudi et du vendredi avant le mardi précédent 9 h', () => {
    expect([books('2026-03-05', '2026-03-03 09:00'), books('2026-03-06', '2026-03-03 09:00')]).toEqual(['oui', 'oui'])
    expect([books('2026-03-05', '2026-03-03 09:01'), books('2026-03-06', '2026-03-04 12:00')]).toEqual(['majoré', 'majoré'])
  })
  test('une fois le repas commencé, plus rien', () => {
    expect(books('2026-03-02', '2026-03-02 12:00')).toBe('repas, lundi 2 mars : c’est déjà commencé ou passé.')
  })
})

describe('Le Crès', () => {
  const { books, cancels } = at('leCres')
  test('huit jours avant à minuit : le repas du lundi 2 septembre se réserve jusqu’au dimanche 25 août minuit', () => {
    expect([books('2024-09-02', '2024-08-25 23:59'), books('2024-09-02', '2024-08-26 00:00')]).toEqual(['oui', 'oui'])
    expect(books('2024-09-02', '2024-08-26 00:01')).toBe('Clos depuis dimanche 25 août, minuit : repas, lundi 2 septembre, se réserve 8 jours avant, minuit.')
    expect(cancels('2024-09-02', '2024-08-26 00:01')).toContain('Ne s’annule plus depuis dimanche 25 août, minuit')
  })
  test('en cas de grève rien n’est facturé', () => {
    expect(books('2026-03-02', '2026-02-01 10:00', '2026-03-02')).toBe('Grève : mouvement national. Rien n’est facturé.')
  })
})

describe('Spay', () => {
  const { books } = at('spay')
  test('le jeudi midi pour toute la semaine suivante', () => {
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-05', '2026-03-06']) {
      expect(books(day, '2026-02-26 12:00')).toBe('oui')
      expect(books(day, '2026-02-26 12:01')).toContain('Clos depuis jeudi 26 février, 12 h')
    }
    expect(books('2026-03-06', '2026-02-26 12:01')).toContain('se réserve avant le jeudi de la semaine précédente, 12 h.')
  })
})

describe('Veyras', () => {
  test('la cantine : le mardi 23 h 59 pour la semaine suivante', () => {
    const { books } = at('veyrasCanteen')
    expect([books('2026-03-02', '2026-02-24 23:59'), books('2026-03-06', '2026-02-24 23:59')]).toEqual(['oui', 'oui'])
    expect(books('2026-03-06', '2026-02-25 00:00')).toContain('Clos depuis mardi 24 février, 23 h 59')
  })
  test('la garderie : la veille 18 h', () => {
    const { books, cancels } = at('veyrasGarderie', 'garderie du soir')
    expect([books('2026-03-03', '2026-03-02 18:00'), cancels('2026-03-03', '2026-03-02 18:00')]).toEqual(['oui', 'oui'])
    expect(books('2026-03-03', '2026-03-02 18:01')).toBe('Clos depuis lundi 2 mars, 18 h : garderie du soir, mardi 3 mars, se réserve la veille, 18 h.')
  })
})

describe('Labruguière', () => {
  const { books, cancels } = at('labruguiere')
  test('la veille avant minuit', () => {
    expect(books('2026-03-03', '2026-03-02 23:59')).toBe('oui')
    expect(books('2026-03-03', '2026-03-03 00:01')).toContain('se réserve la veille, minuit.')
  })
  test('annuler reste possible jusqu’au repas', () => { expect([cancels('2026-03-03', '2026-03-03 11:59'), cancels('2026-03-03', '2026-03-03 12:00')]).toEqual(['oui', 'repas, mardi 3 mars : c’est déjà commencé ou passé.']) })
})
