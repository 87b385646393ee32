import type { Endpoint } from '@liberacces/sdk/host'
import type { Persona } from './persona.ts'
import { readPage } from './read-page.ts'
import { changes, removes } from './endpoint-kinds.ts'
import { decoded } from './known-ids.ts'
import type { Traveller } from './traveller.ts'

/** How partners answer in each round in which all people go: what one did shows another what to do next, as a request does to who decides on it. */
const PARTNERS_SAY = [503, 410] as const
/** Most requests of one person in a round. */
const MOST_STEPS = 120
/** Addresses of one page that links lead to; where a deed leads to is looked at always. */
const MOST_LOOKS = 3
/** Tries of one form with other inputs; the later ones are examples that its schema gives. */
const TRIES = 4
/** Times that one form is taken, as for the children of a family, and tries of a button that is of no use any more. */
const MOST_FILLED = 2
const MOST_PRESSED = 3

/** Something that a person may do next. */
interface Step {
  readonly kind: 'look' | 'fill' | 'press'
  /** With its query. */
  readonly path: string
  /** It was led there by what it did. */
  readonly isLed?: boolean
  readonly offered?: ReadonlyMap<string, readonly string[]>
}

/**
 * Goes as people do: from the pages of the menu by the links that are shown, presses each button once, fills each form and follows where it leads, step by step. What needs several steps in their order, or
 * two people, is reached like this and not by guessing ids.
 */
export async function walk(traveller: Traveller, signal: AbortSignal): Promise<void> {
  const people = [...new Set(traveller.endpoints.map((endpoint) => traveller.whoFor(endpoint)))]
  for (const status of PARTNERS_SAY) {
    traveller.ground.outside.answer(() => new Response('No answer was prepared.', { status }))
    const done = new Map<string, number>()
    for (const person of people) {
      await goAs(traveller, person, done, signal)
      await traveller.ground.settle()
    }
  }
  traveller.ground.outside.answer(() => new Response('No answer was prepared.', { status: PARTNERS_SAY[0] }))
}

/** Goes as one person does, once. @param done - how often what was done before, by whomever */
export async function goAs(traveller: Traveller, person: Persona | undefined, done: Map<string, number>, signal: AbortSignal): Promise<void> {
  const base = `/apps/${traveller.ground.manifest.path}`
  const count = (what: string, by = 0): number => {
    done.set(what, (done.get(what) ?? 0) + by)
    return done.get(what) ?? 0
  }
  const seen = new Set<string>()
  // The last one is done first, so that what a deed leads to goes on at once.
  const steps: Step[] = traveller.endpoints.filter((endpoint) => endpoint.kind === 'page' && !endpoint.path.includes(':')).toReversed().map(({ path }) => ({ kind: 'look', path: `${base}${path}` }))
  for (let taken = 0; taken < MOST_STEPS && !signal.aborted; taken += 1) {
    const step = steps.pop()
    if (step === undefined) return
    const found = endpointAt(traveller.endpoints, step.path.slice(base.length), step.kind)
    if (found === undefined || !traveller.tenant.may(person, found.endpoint.permission)) {
      taken -= 1
      continue
    }
    const { endpoint, params } = found
    const mark = `${person?.label ?? ''} ${step.kind} ${endpoint.path}`
    const query = Object.fromEntries(new URL(step.path, 'http://here').searchParams)
    const isOver = step.kind === 'look' ? step.isLed !== true && (seen.has(step.path) || count(mark) >= MOST_LOOKS) : step.kind === 'fill' ? count(mark) >= MOST_FILLED : count(`${mark} pressed`) > 0 || count(mark) >= MOST_PRESSED
    if (isOver || (step.kind === 'press' && removes(endpoint))) {
      taken -= 1
      continue
    }
    if (step.kind === 'look') {
      count(mark, 1)
      seen.add(step.path)
      const exchange = await traveller.visit(endpoint.kind === 'form' ? { ...endpoint, kind: 'page', title: '' } : endpoint, { params, query, persona: person })
      if (exchange.status < 400 && exchange.contentType.includes('html')) steps.push(...stepsOn(exchange.text, step.path, base))
      continue
    }
    for (let variant = 0; variant < (step.kind === 'fill' ? TRIES : 1); variant += 1) {
      const exchange = await traveller.visit(endpoint, { params, query, persona: person, variant, offered: step.offered })
      if (exchange.status < 400) {
        count(step.kind === 'fill' ? mark : `${mark} pressed`, 1)
        if (exchange.location !== undefined) steps.push({ kind: 'look', path: exchange.location.replace(/^https?:\/\/[^/]+/, ''), isLed: true })
        break
      }
      if (step.kind === 'press') count(mark, 1)
      // Who may not come in, or comes too late, does not by another input.
      if (exchange.status !== 422 && exchange.status !== 400) break
    }
  }
}

/** What a page lets somebody do, the first thing last: its buttons and forms, then its links. */
function stepsOn(html: string, path: string, base: string): readonly Step[] {
  const isOwn = (address: string): boolean => address === base || address.startsWith(`${base}/`) || address.startsWith(`${base}?`)
  const { links, forms } = readPage(html)
  const deeds = forms.map(({ action, offered }) => ({ path: action === '' ? path : action.replace(/^https?:\/\/[^/]+/, ''), offered })).filter(({ path: to }) => isOwn(to))
  const led = links.map((link) => link.replace(/#.*$/, '')).filter(isOwn)
  return [
    ...led.toReversed().map((to): Step => ({ kind: 'look', path: to })),
    ...deeds.toReversed().flatMap((deed): readonly Step[] => [{ kind: 'press', ...deed }, { kind: 'fill', ...deed }]),
  ]
}

/** The endpoint that an address leads to: one that is named in full before one with parameters. */
function endpointAt(endpoints: readonly Endpoint[], address: string, kind: Step['kind']): { readonly endpoint: Endpoint; readonly params: Readonly<Record<string, string>> } | undefined {
  const parts = address.replace(/\?.*$/, '').replace(/\/$/, '').split('/')
  const fits = (endpoint: Endpoint): boolean => (kind === 'look' ? !changes(endpoint) || endpoint.kind === 'form' : endpoint.kind === (kind === 'fill' ? 'form' : 'action'))
  const found = endpoints.filter(fits).flatMap((endpoint) => {
    const wanted = endpoint.path.replace(/\/$/, '').split('/')
    return wanted.length === parts.length && wanted.every((part, index) => part.startsWith(':') || part === parts[index]) ? [{ endpoint, wanted }] : []
  }).toSorted((a, b) => a.wanted.filter((part) => part.startsWith(':')).length - b.wanted.filter((part) => part.startsWith(':')).length)[0]
  return found === undefined ? undefined : { endpoint: found.endpoint, params: Object.fromEntries(found.wanted.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), decoded(parts[index] ?? '')]] : []))) }
}
