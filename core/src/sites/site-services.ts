import type { Audit } from '../audit/audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ConsentDesk } from '../consent/consent-desk.ts'
import type { Consents } from '../consent/consents.ts'
import type { EventRecords } from '../events/desk/event-records.ts'
import type { Replays } from '../events/desk/replays.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { Administrators } from '../delegation/administrators.ts'
import type { Grants } from '../delegation/grants.ts'
import type { Guests } from '../delegation/guests.ts'
import type { Shares } from '../delegation/shares.ts'
import type { Thresholds } from '../delegation/thresholds.ts'
import type { EntitlementDesk } from '../entitlement/entitlement-desk.ts'
import type { Entitlements } from '../entitlement/entitlements.ts'
import type { Quotas } from '../entitlement/quotas.ts'
import type { PluginHealth } from '../health/plugin-health.ts'
import type { AssetSources } from '../http/kernel/assets.ts'
import type { NoticeKeys } from '../http/notice-cookie.ts'
import type { Accounts } from '../identity/accounts.ts'
import type { ApiTokens } from '../identity/api-tokens.ts'
import type { Csrf } from '../identity/csrf.ts'
import type { Login } from '../identity/login.ts'
import type { OwnPassword } from '../identity/own-password.ts'
import type { Roles } from '../identity/roles.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Evidence } from '../evidence/collect-evidence.ts'
import type { Labels } from '../labels/labels.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { Removal } from '../removal/removal.ts'
import type { WaveDesk } from '../lifecycle/wave-desk.ts'
import type { NodeDuties } from '../nodes/node-duties.ts'
import type { NodeInfo } from '../nodes/node.ts'
import type { Workers } from '../workers/workers.ts'
import type { Outside } from '../outside.ts'
import type { Gates } from '../runtime/gates.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Settings } from '../settings/settings.ts'
import type { KeptPages } from '../slots/kept-pages.ts'
import type { Layouts } from '../slots/layouts.ts'
import type { Tenants } from '../tenancy/tenants.ts'

/** What the platform's own pages reach of the kernel. */
export interface SiteServices {
  readonly outside: Outside
  readonly tenants: Tenants
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly login: Login
  readonly roles: Roles
  readonly apiTokens: ApiTokens
  readonly ownPassword: OwnPassword
  readonly grants: Grants
  readonly shares: Shares
  readonly guests: Guests
  readonly administrators: Administrators
  readonly thresholds: Thresholds
  readonly csrf: Csrf
  readonly settings: Settings
  readonly audit: Audit
  readonly catalogue: Catalogue
  readonly installations: Installations
  readonly waves: WaveDesk
  readonly labels: Labels
  /** How the platform is run, for those who certify it. */
  readonly evidence: () => Promise<Evidence>
  /** What each process has under way, by their ids. */
  readonly nodeDuties: () => Promise<ReadonlyMap<string, NodeDuties>>
  readonly removal: Removal
  readonly consents: Consents
  readonly consentDesk: ConsentDesk
  readonly entitlements: Entitlements
  readonly entitlementDesk: EntitlementDesk
  readonly quotas: Quotas
  readonly events: EventBus
  readonly eventRecords: EventRecords
  readonly replays: Replays
  readonly runtime: Runtime
  readonly gates: Gates
  readonly layouts: Layouts
  readonly pages: KeptPages
  readonly assets: AssetSources
  readonly notices: NoticeKeys
  readonly secureCookies: boolean
  readonly health: PluginHealth
  /** What every page says above its content, if anything. */
  readonly announcement: () => string | undefined
  /** The processes on this platform. */
  readonly nodes: () => Promise<readonly NodeInfo[]>
  readonly workers: Pick<Workers, 'list'>
}
