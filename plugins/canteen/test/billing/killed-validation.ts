// Opens the platform of the data folder in its argument and validates a campaign, and dies as by `kill -9` on its way: before the second or the fourth
// change of the transaction, or once it is committed.
import { openLasting, type TestPlatform } from '@liberacces/certification/testing'
import type { Plugin } from '@liberacces/sdk'
import { validateCampaign } from '../../src/billing/campaign/campaigns.ts'
import type { CanteenContext, CanteenTransaction } from '../../src/canteen-types.ts'
import canteen from '../../src/plugin.tsx'
import { familiesStandIn, standInTown } from '../families-stand-in.ts'

type Platform = TestPlatform['platform']

/** Households that are billed, besides the two of the town. */
export const HOUSEHOLDS = 60

/** The town that every process on the folder sees. */
export function billedTown() {
  const town = standInTown()
  for (let index = 0; index < HOUSEHOLDS; index += 1) town.addHousehold({ id: `foyer-${String(index).padStart(4, '0')}` })
  return town
}

/** The platform that is killed. */
export function openKilled(folder: string): Promise<Platform> {
  return openLasting(folder, [familiesStandIn(billedTown()), canteen as unknown as Plugin])
}

/** Does something with the context of the platform's own work at the canteen of a tenant. */
export async function inCanteen<Answer>(platform: Platform, tenantId: string, job: (c: CanteenContext) => Promise<Answer>): Promise<Answer> {
  const release = platform.installations.modules(tenantId).byId.get(canteen.id)
  if (release === undefined) throw new Error('The canteen is not switched on.')
  return platform.runtime.call(release, platform.systemOrigin(tenantId), { what: 'test', limitMs: 60_000 }, (c: unknown) => job(c as CanteenContext))
}

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('Nobody gets here.')
}

/** A member of an object, whose private parts it still reaches. */
function own(object: object, name: string | symbol): unknown {
  const member = Reflect.get(object, name) as unknown
  return typeof member === 'function' ? (member.bind(object) as unknown) : member
}

/** The same context, whose transactions end the process before the change with that number. */
function deadlyContext(c: CanteenContext, last: number): CanteenContext {
  return new Proxy(c, {
    get(target, name) {
      if (name !== 'transaction') return own(target, name)
      return async (body: (tx: CanteenTransaction) => Promise<unknown>) => {
        let changes = 0
        const answer = await target.transaction((tx) => body(new Proxy(tx, {
          get(real, method) {
            if (method === 'updateTable' && (changes += 1) === last) die()
            return own(real, method)
          },
        })) as Promise<never>)
        if (last === 0) die()
        return answer
      }
    },
  })
}

if (process.argv[1] === import.meta.filename) {
  const [, , folder = '', tenantId = '', campaignId = '', last = '0'] = process.argv
  const platform = await openKilled(folder)
  const refused = await inCanteen(platform, tenantId, (c) => validateCampaign(deadlyContext(c, Number(last)), campaignId))
  throw new Error(`Nothing ended it: ${refused ?? 'validated'}.`)
}
