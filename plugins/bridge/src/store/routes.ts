import type { BridgeContext, BridgeDatabase } from '../bridge-types.ts'
import type { Route } from '../route.ts'

/** All routes, the oldest first. */
export async function listRoutes(db: BridgeDatabase): Promise<readonly Route[]> {
  const rows = await db.selectFrom('route').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(({ id, direction, contract, place, pattern }) => ({ id, direction: direction === 'in' ? 'in' : 'out', contract, place, pattern }))
}

/** Adds a route. */
export async function addRoute(c: BridgeContext, route: Omit<Route, 'id'>): Promise<string> {
  const id = c.id()
  await c.db.insertInto('route').values({ id, ...route, created_at: c.now().toISOString() }).execute()
  await c.audit('bridge.route-added', id, { direction: route.direction, contract: route.contract, place: route.place, pattern: route.pattern })
  return id
}

/** Takes a route away. @returns whether there was one */
export async function removeRoute(c: BridgeContext, id: string): Promise<boolean> {
  const { numDeletedRows } = await c.db.deleteFrom('route').where('id', '=', id).executeTakeFirstOrThrow()
  if (Number(numDeletedRows) === 0) return false
  await c.audit('bridge.route-removed', id)
  return true
}
