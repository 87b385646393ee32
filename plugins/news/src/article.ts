/** Where an article stands, and what may be done with it from there. Pure: dates come in as arguments. */

/** The states of an article, in the order of its life. */
export const ARTICLE_STATUSES = ['draft', 'scheduled', 'published', 'expired', 'archived'] as const
/** A state's name, as stored and shown. */
export type ArticleStatus = (typeof ARTICLE_STATUSES)[number]

/**
 * An article's state with the dates that decide who sees it. `publishedAt` of a scheduled article is the planned date:
 * visibility follows the dates alone, so nothing has to run at that minute for readers to see it.
 */
export type ArticleState =
  | { readonly status: 'draft'; readonly publishedAt: undefined; readonly expiresAt: Date | undefined }
  | { readonly status: 'scheduled'; readonly publishedAt: Date; readonly expiresAt: Date | undefined }
  | { readonly status: 'published'; readonly publishedAt: Date; readonly expiresAt: Date | undefined }
  | { readonly status: 'expired'; readonly publishedAt: Date; readonly expiresAt: Date }
  | { readonly status: 'archived'; readonly publishedAt: Date | undefined; readonly expiresAt: Date | undefined }

/** What may be asked of an article. */
export type ArticleCommand =
  /** Visible from now on. `renewedUntil` replaces an end of visibility that has passed. */
  | { readonly kind: 'publish'; readonly renewedUntil?: Date | undefined }
  /** Visible from a later date on. */
  | { readonly kind: 'schedule'; readonly at: Date }
  /** The planned date `at` has come. */
  | { readonly kind: 'fall-due'; readonly at: Date }
  /** The end of visibility has come. */
  | { readonly kind: 'expire' }
  /** Back to a draft. */
  | { readonly kind: 'withdraw' }
  /** Put away: no longer visible, kept for agents. */
  | { readonly kind: 'archive' }
  /** Out of the archive, as a draft. */
  | { readonly kind: 'restore' }
  /** Visible until another date, or without end. */
  | { readonly kind: 'change-expiry'; readonly expiresAt: Date | undefined }

/** Why a command is refused. Each has a message `refused.<reason>`. */
export const REFUSALS = [
  'already-published', 'archived', 'not-archived', 'not-published', 'not-due', 'date-passed', 'expiry-passed', 'expires-before-publication',
] as const
/** One reason. */
export type Refusal = (typeof REFUSALS)[number]

/** What became of a command. */
export type Transition = { readonly ok: true; readonly state: ArticleState } | { readonly ok: false; readonly reason: Refusal }

const become = (state: ArticleState): Transition => ({ ok: true, state })
const refuse = (reason: Refusal): Transition => ({ ok: false, reason })

/**
 * The state as it is at `now`: dates may have passed since it was stored. A scheduled article whose hour has come is
 * published, a published one past its end is expired, whether or not the platform has got round to recording it.
 */
export function stateAt(state: ArticleState, now: Date): ArticleState {
  if (state.status !== 'scheduled' && state.status !== 'published' && state.status !== 'expired') return state
  const { publishedAt, expiresAt } = state
  if (expiresAt !== undefined && expiresAt <= now) return { status: 'expired', publishedAt, expiresAt }
  return { status: publishedAt > now ? 'scheduled' : 'published', publishedAt, expiresAt }
}

/** Whether the public may read it: `publishedAt <= now < expiresAt`. The queries of public pages say the same in SQL. */
export function isVisible(dates: { readonly publishedAt: Date | undefined; readonly expiresAt: Date | undefined }, now: Date): boolean {
  return dates.publishedAt !== undefined && dates.publishedAt <= now && (dates.expiresAt === undefined || now < dates.expiresAt)
}

/** Whether it stands before the others on the Guichet, as long as it is visible: `now < pinnedUntil`. */
export function isPinned(pinnedUntil: Date | undefined, now: Date): boolean {
  return pinnedUntil !== undefined && now < pinnedUntil
}

/** Carries a command out at `now`, or says why not. */
export function transition(stored: ArticleState, command: ArticleCommand, now: Date): Transition {
  switch (command.kind) {
    case 'publish': return publish(stateAt(stored, now), command.renewedUntil, now)
    case 'schedule': return schedule(stateAt(stored, now), command.at, now)
    // These two record what the dates already say, so they look at what is stored.
    case 'fall-due': return fallDue(stored, command.at, now)
    case 'expire': return expire(stored, now)
    case 'withdraw': return withdraw(stateAt(stored, now))
    case 'archive': return archive(stateAt(stored, now), now)
    case 'restore':
      return stored.status === 'archived' ? become({ status: 'draft', publishedAt: undefined, expiresAt: undefined }) : refuse('not-archived')
    case 'change-expiry': return changeExpiry(stateAt(stored, now), command.expiresAt, now)
    default: return command satisfies never
  }
}

function publish(state: ArticleState, renewedUntil: Date | undefined, now: Date): Transition {
  switch (state.status) {
    case 'draft':
    case 'scheduled':
      if (state.expiresAt !== undefined && state.expiresAt <= now) return refuse('expiry-passed')
      return become({ status: 'published', publishedAt: now, expiresAt: state.expiresAt })
    case 'expired':
      if (renewedUntil !== undefined && renewedUntil <= now) return refuse('expiry-passed')
      return become({ status: 'published', publishedAt: now, expiresAt: renewedUntil })
    case 'published': return refuse('already-published')
    case 'archived': return refuse('archived')
    default: return state satisfies never
  }
}

function schedule(state: ArticleState, at: Date, now: Date): Transition {
  switch (state.status) {
    case 'draft':
    case 'scheduled':
      if (!(at > now)) return refuse('date-passed')
      if (state.expiresAt !== undefined && state.expiresAt <= at) return refuse('expires-before-publication')
      return become({ status: 'scheduled', publishedAt: at, expiresAt: state.expiresAt })
    case 'published':
    case 'expired': return refuse('already-published')
    case 'archived': return refuse('archived')
    default: return state satisfies never
  }
}

function fallDue(state: ArticleState, at: Date, now: Date): Transition {
  // Another date than the one planned now: the plan has moved since, and another event will come.
  if (state.status !== 'scheduled' || state.publishedAt.getTime() !== at.getTime() || at > now) return refuse('not-due')
  return become({ status: 'published', publishedAt: state.publishedAt, expiresAt: state.expiresAt })
}

function expire(state: ArticleState, now: Date): Transition {
  if (state.status === 'expired') return refuse('not-due')
  const current = stateAt(state, now)
  return current.status === 'expired' ? become(current) : refuse('not-due')
}

function withdraw(state: ArticleState): Transition {
  switch (state.status) {
    case 'scheduled':
    case 'published': return become({ status: 'draft', publishedAt: undefined, expiresAt: state.expiresAt })
    // The end has passed: kept, it would only refuse the next publication.
    case 'expired': return become({ status: 'draft', publishedAt: undefined, expiresAt: undefined })
    case 'draft': return refuse('not-published')
    case 'archived': return refuse('archived')
    default: return state satisfies never
  }
}

function archive(state: ArticleState, now: Date): Transition {
  switch (state.status) {
    case 'draft': return become({ status: 'archived', publishedAt: undefined, expiresAt: state.expiresAt })
    // Never seen by anyone, so it has no date of publication to remember.
    case 'scheduled': return become({ status: 'archived', publishedAt: undefined, expiresAt: state.expiresAt })
    // Ending its visibility now hides it by the same rule as everything else.
    case 'published': return become({ status: 'archived', publishedAt: state.publishedAt, expiresAt: now })
    case 'expired': return become({ ...state, status: 'archived' })
    case 'archived': return refuse('archived')
    default: return state satisfies never
  }
}

function changeExpiry(state: ArticleState, expiresAt: Date | undefined, now: Date): Transition {
  if (state.status === 'archived') return refuse('archived')
  if (expiresAt?.getTime() === state.expiresAt?.getTime()) return become(state)
  if (expiresAt !== undefined && expiresAt <= now) return refuse('expiry-passed')
  switch (state.status) {
    case 'draft': return become({ ...state, expiresAt })
    case 'scheduled':
      if (expiresAt !== undefined && expiresAt <= state.publishedAt) return refuse('expires-before-publication')
      return become({ ...state, expiresAt })
    case 'published':
    case 'expired': return become({ status: 'published', publishedAt: state.publishedAt, expiresAt })
    default: return state satisfies never
  }
}
