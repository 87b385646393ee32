/** What a button of the list does, the same on the server and in the browser. Imports nothing that does not run in both. */
import type { Mark } from './mark.ts'

/** What a tap says. `none` takes back. */
export const VERBS = ['present', 'late', 'absent', 'left', 'none'] as const
/** One of them. */
export type Verb = (typeof VERBS)[number]

/** What is known of a child when a button is pressed. Instants are ISO 8601 in UTC. */
export interface Standing {
  readonly mark: Mark
  readonly arrivedAt: string | undefined
  readonly leftAt: string | undefined
}

/**
 * What holds after a tap.
 * @param now - ISO 8601 in UTC
 * @param hourly - whether times of coming and going are kept
 */
export function after(verb: Verb, { mark, arrivedAt }: Standing, now: string, hourly: boolean): Standing {
  switch (verb) {
    case 'present':
    case 'late': return { mark: verb, arrivedAt: hourly ? arrivedAt ?? now : undefined, leftAt: undefined }
    // Who leaves was there, even if nobody had said so.
    case 'left': return { mark: mark === 'late' ? 'late' : 'present', arrivedAt, leftAt: now }
    case 'absent': return { mark: 'absent', arrivedAt: undefined, leftAt: undefined }
    case 'none': return { mark: 'none', arrivedAt: undefined, leftAt: undefined }
    default: return verb satisfies never
  }
}

/** The verbs of a kind of unit, in the order of their buttons. */
export function verbsOf(hourly: boolean): readonly Exclude<Verb, 'none'>[] {
  return hourly ? ['present', 'left', 'absent'] : ['present', 'late', 'absent']
}

/** Whether what a verb says holds. Pressing it again takes it back. */
export function isPressed(verb: Exclude<Verb, 'none'>, { mark, leftAt }: Standing): boolean {
  switch (verb) {
    case 'present': return mark === 'present' && leftAt === undefined
    case 'late': return mark === 'late'
    case 'left': return leftAt !== undefined
    case 'absent': return mark === 'absent' || mark === 'excused'
    default: return verb satisfies never
  }
}

/** A time of day in Paris as French readers write it: `8 h 05`. */
export function clockOf(instant: string): string {
  const parts = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', hour: 'numeric', minute: '2-digit' }).formatToParts(new Date(instant))
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  return `${Number(of('hour'))}\u00a0h\u00a0${of('minute')}`
}

/** Name of the text that says where a child stands; `undefined` for who is not expected and has not come. */
export function standingText({ mark, arrivedAt, leftAt }: Standing, expected: boolean): { readonly text: StandingText; readonly time: string | undefined; readonly kind: 'neutral' | 'success' | 'warning' | 'error' | 'info' } | undefined {
  if (leftAt !== undefined) return { text: 'left', time: clockOf(leftAt), kind: 'info' }
  switch (mark) {
    case 'present': return arrivedAt === undefined ? { text: 'present', time: undefined, kind: 'success' } : { text: 'arrived', time: clockOf(arrivedAt), kind: 'success' }
    case 'late': return { text: 'late', time: undefined, kind: 'warning' }
    case 'absent': return { text: 'absent', time: undefined, kind: 'error' }
    case 'excused': return { text: 'excused', time: undefined, kind: 'info' }
    case 'none': return expected ? { text: 'expected', time: undefined, kind: 'neutral' } : undefined
    default: return mark satisfies never
  }
}

/** Texts of {@link standingText}: messages `attendance.state.<text>`. */
export const STANDING_TEXTS = ['left', 'present', 'arrived', 'late', 'absent', 'excused', 'expected'] as const
/** One of them. */
export type StandingText = (typeof STANDING_TEXTS)[number]
