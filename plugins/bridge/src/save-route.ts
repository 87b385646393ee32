import type { BridgeContext } from './bridge-types.ts'
import { Link } from './link.ts'
import type { Route } from './route.ts'
import { addRoute } from './store/routes.ts'

/** Adds what somebody wrote as a route. @returns what is wrong with it, by field; `undefined` when it was added */
export async function saveRoute(c: BridgeContext, route: Omit<Route, 'id'>): Promise<Partial<Record<'contract' | 'pattern', string>> | undefined> {
  const known = (await c.knownEvents()).map(({ id }) => id)
  const { contract, direction, pattern } = route
  const isKnown = direction === 'out' && contract.endsWith('*') ? known.some((id) => id.startsWith(contract.slice(0, -1))) : known.includes(contract)
  if (!isKnown) return { contract: c.t('problem.contract', { contract }) }
  if (direction === 'out' && /\{(?!(?:type|subject|tenant)\})/.test(pattern)) return { pattern: c.t('problem.pattern') }
  await addRoute(c, route)
  c.wake(Link)
  return undefined
}
