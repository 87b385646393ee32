import { grantEnd, grantState, type Grant } from '../delegation/grant.ts'
import type { RequestContext } from '../http/request-context.ts'
import { textIn } from '../localized-text.ts'
import type { GrantItem } from '../pages/grant-list.tsx'
import type { SiteServices } from './site-services.ts'

/** Grants as pages show them, in the reader's words. */
export async function grantItems(services: Pick<SiteServices, 'tenants' | 'roles' | 'outside'>, { locale }: Pick<RequestContext, 'locale'>, grants: readonly Grant[]): Promise<readonly GrantItem[]> {
  const now = services.outside.now()
  return Promise.all(grants.map(async (grant) => {
    const title = (await services.roles.list(grant.tenantId)).find(({ id }) => id === grant.role)?.title
    const end = grantEnd(grant, now)
    const ended = grant.endedAt ?? grant.endsAt ?? (end === 'lapsed' ? grant.decideBy : undefined)
    return {
      id: grant.id, operator: grant.operatorName, tenant: services.tenants.byId(grant.tenantId)?.info.name ?? '', role: title === undefined ? grant.role : textIn(locale, title),
      writes: grant.writes, reason: grant.reason, minutes: grant.minutes, requestedAt: new Date(grant.requestedAt).toISOString(),
      ...(grant.openedAt === undefined ? {} : { openedAt: new Date(grant.openedAt).toISOString() }),
      ...(ended === undefined ? {} : { endsAt: new Date(ended).toISOString() }),
      state: end ?? (grantState(grant, now) === 'open' ? 'open' : 'requested'),
    }
  }))
}
