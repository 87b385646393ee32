import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isVisible, REFUSALS, stateAt, transition, type ArticleCommand, type ArticleState } from '../src/article.ts'

const day = (number: number): Date => new Date(Date.UTC(2026, 4, number))
const NOW = day(10)

const draft: ArticleState = { status: 'draft', publishedAt: undefined, expiresAt: undefined }
const scheduled: ArticleState = { status: 'scheduled', publishedAt: day(12), expiresAt: undefined }
const published: ArticleState = { status: 'published', publishedAt: day(1), expiresAt: undefined }
const expired: ArticleState = { status: 'expired', publishedAt: day(1), expiresAt: day(5) }
const archived: ArticleState = { status: 'archived', publishedAt: day(1), expiresAt: day(5) }

/** What a command makes of a state at NOW: the new status, or the refusal. */
const outcome = (state: ArticleState, command: ArticleCommand): string => {
  const result = transition(state, command, NOW)
  return result.ok ? result.state.status : result.reason
}

describe('every command in every state', () => {
  const states = { draft, scheduled, published, expired, archived }
  const table: readonly (readonly [ArticleCommand, Readonly<Record<keyof typeof states, string>>])[] = [
    [{ kind: 'publish' }, { draft: 'published', scheduled: 'published', published: 'already-published', expired: 'published', archived: 'archived' }],
    [{ kind: 'schedule', at: day(20) }, { draft: 'scheduled', scheduled: 'scheduled', published: 'already-published', expired: 'already-published', archived: 'archived' }],
    [{ kind: 'withdraw' }, { draft: 'not-published', scheduled: 'draft', published: 'draft', expired: 'draft', archived: 'archived' }],
    [{ kind: 'expire' }, { draft: 'not-due', scheduled: 'not-due', published: 'not-due', expired: 'not-due', archived: 'not-due' }],
    [{ kind: 'fall-due', at: day(12) }, { draft: 'not-due', scheduled: 'not-due', published: 'not-due', expired: 'not-due', archived: 'not-due' }],
    [{ kind: 'restore' }, { draft: 'not-archived', scheduled: 'not-archived', published: 'not-archived', expired: 'not-archived', archived: 'draft' }],
    [{ kind: 'change-expiry', expiresAt: day(30) }, { draft: 'draft', scheduled: 'scheduled', published: 'published', expired: 'published', archived: 'archived' }],
  ]
  test.each(table)('%o', (command, expected) => {
    expect(Object.fromEntries(Object.entries(states).map(([name, state]) => [name, outcome(state, command)]))).toEqual(expected)
  })

  test('archiving works on all but the archived', () => {
    expect([draft, scheduled, published, expired].map((state) => outcome(state, { kind: 'archive' }))).toEqual(['archived', 'archived', 'archived', 'archived'])
    expect(transition(archived, { kind: 'archive' }, NOW)).toEqual({ ok: false, reason: 'archived' })
  })
})

describe('dates', () => {
  test('a scheduled article is visible from its hour on, recorded or not', () => {
    expect(isVisible(scheduled, new Date(day(12).getTime() - 1))).toBe(false)
    expect(isVisible(scheduled, day(12))).toBe(true)
    expect(stateAt(scheduled, day(12)).status).toBe('published')
  })

  test('an end of visibility is already outside', () => {
    const state: ArticleState = { ...published, expiresAt: day(20) }
    expect(isVisible(state, new Date(day(20).getTime() - 1))).toBe(true)
    expect(isVisible(state, day(20))).toBe(false)
    expect(stateAt(state, day(20)).status).toBe('expired')
  })

  test('a date that fell due twice is recorded once', () => {
    const first = transition(scheduled, { kind: 'fall-due', at: day(12) }, day(12))
    expect(first).toEqual({ ok: true, state: { status: 'published', publishedAt: day(12), expiresAt: undefined } })
    expect(transition(published, { kind: 'fall-due', at: day(1) }, day(12))).toEqual({ ok: false, reason: 'not-due' })
  })

  test('the reminder of a date that has since moved is about nothing', () => {
    expect(transition({ ...scheduled, publishedAt: day(15) }, { kind: 'fall-due', at: day(12) }, day(16))).toEqual({ ok: false, reason: 'not-due' })
  })

  test('scheduling wants a date to come, before the end', () => {
    expect(outcome(draft, { kind: 'schedule', at: NOW })).toBe('date-passed')
    expect(outcome({ ...draft, expiresAt: day(11) }, { kind: 'schedule', at: day(11) })).toBe('expires-before-publication')
  })

  test('a draft whose end has passed is not published', () => {
    expect(outcome({ ...draft, expiresAt: NOW }, { kind: 'publish' })).toBe('expiry-passed')
  })

  test('publishing again drops the end that has passed', () => {
    expect(transition(expired, { kind: 'publish' }, NOW)).toEqual({ ok: true, state: { status: 'published', publishedAt: NOW, expiresAt: undefined } })
    expect(transition(expired, { kind: 'publish', renewedUntil: day(40) }, NOW)).toEqual({ ok: true, state: { status: 'published', publishedAt: NOW, expiresAt: day(40) } })
  })

  test('archiving a visible article ends its visibility and remembers when it was published', () => {
    expect(transition(published, { kind: 'archive' }, NOW)).toEqual({ ok: true, state: { status: 'archived', publishedAt: day(1), expiresAt: NOW } })
  })
})

describe('whatever happens', () => {
  const date = fc.integer({ min: 1, max: 60 }).map(day)
  const end = fc.option(date, { nil: undefined })
  const command: fc.Arbitrary<ArticleCommand> = fc.oneof(
    fc.record({ kind: fc.constant('publish' as const), renewedUntil: end }),
    fc.record({ kind: fc.constant('schedule' as const), at: date }),
    fc.record({ kind: fc.constant('fall-due' as const), at: date }),
    fc.record({ kind: fc.constant('change-expiry' as const), expiresAt: end }),
    fc.constantFrom({ kind: 'expire' as const }, { kind: 'withdraw' as const }, { kind: 'archive' as const }, { kind: 'restore' as const }),
  )
  const history = fc.array(fc.tuple(command, fc.integer({ min: 0, max: 5 })), { maxLength: 25 })

  /** Runs commands from a draft, time going on between them. */
  const live = (steps: readonly (readonly [ArticleCommand, number])[], look: (state: ArticleState, now: Date, command: ArticleCommand, accepted: boolean) => void): void => {
    let state: ArticleState = draft
    let today = 1
    for (const [each, days] of steps) {
      today += days
      const result = transition(state, each, day(today))
      if (result.ok) state = result.state
      else expect(REFUSALS).toContain(result.reason)
      look(state, day(today), each, result.ok)
    }
  }

  test('drafts and archived articles are never visible, published ones always', () => {
    fc.assert(fc.property(history, (steps) => {
      live(steps, (state, now) => { expect(isVisible(state, now)).toBe(stateAt(state, now).status === 'published') })
    }))
  })

  test('an article does not end before it begins', () => {
    fc.assert(fc.property(history, (steps) => {
      live(steps, (state) => {
        expect((state.expiresAt?.getTime() ?? Infinity) >= (state.publishedAt?.getTime() ?? -Infinity)).toBe(true)
      })
    }))
  })

  test('recording that a date has come never changes who sees it', () => {
    fc.assert(fc.property(history, date, (steps, at) => {
      live(steps, (state, now) => {
        for (const each of [{ kind: 'expire' }, { kind: 'fall-due', at }] as const) {
          const result = transition(state, each, now)
          expect(isVisible(result.ok ? result.state : state, now)).toBe(isVisible(state, now))
        }
      })
    }))
  })

  test('nothing but publishing makes an article visible at once', () => {
    fc.assert(fc.property(history, (steps) => {
      let visible = false
      live(steps, (state, now, each, accepted) => {
        const next = isVisible(state, now)
        const appears = accepted && !visible && next
        expect(!appears || ['publish', 'change-expiry', 'fall-due'].includes(each.kind)).toBe(true)
        visible = next || state.status === 'scheduled'
      })
    }))
  })
})
