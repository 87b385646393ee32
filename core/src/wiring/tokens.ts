import type { Audit } from '../audit/audit.ts'
import type { Releases } from '../catalogue/releases.ts'
import type { ConsentDesk } from '../consent/consent-desk.ts'
import type { Consents } from '../consent/consents.ts'
import { token } from '../container.ts'
import type { Administrators } from '../delegation/administrators.ts'
import type { Grants } from '../delegation/grants.ts'
import type { Guests } from '../delegation/guests.ts'
import type { Shares } from '../delegation/shares.ts'
import type { Thresholds } from '../delegation/thresholds.ts'
import type { EgressGate } from '../egress/egress-policy.ts'
import type { EntitlementDesk } from '../entitlement/entitlement-desk.ts'
import type { Entitlements } from '../entitlement/entitlements.ts'
import type { Quotas } from '../entitlement/quotas.ts'
import type { StorageRoom } from '../entitlement/storage-room.ts'
import type { EventRecords } from '../events/desk/event-records.ts'
import type { ReplayRunner } from '../events/desk/replays.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { Retention } from '../events/retention/retention.ts'
import type { Scheduler } from '../events/schedules.ts'
import type { FrontPorts } from '../http/front-ports.ts'
import type { Accounts } from '../identity/accounts.ts'
import type { ApiTokens } from '../identity/api-tokens.ts'
import type { Csrf } from '../identity/csrf.ts'
import type { LoginThrottle } from '../identity/login-throttle.ts'
import type { Login } from '../identity/login.ts'
import type { OwnPassword } from '../identity/own-password.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { Principals } from '../identity/principals.ts'
import type { Roles } from '../identity/roles.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Labels } from '../labels/labels.ts'
import type { Installations } from '../lifecycle/installations.ts'
import type { WaveDesk } from '../lifecycle/wave-desk.ts'
import type { PrivacyDesk } from '../privacy/privacy.ts'
import type { Applications } from '../remote/applications.ts'
import type { Removal } from '../removal/removal.ts'
import type { ContextPorts } from '../runtime/call-context.ts'
import type { InlineRuntime } from '../runtime/inline.ts'
import type { Settings } from '../settings/settings.ts'
import type { Layouts } from '../slots/layouts.ts'
import type { FileStore } from '../storage/files.ts'
import type { Tenants } from '../tenancy/tenants.ts'
import type { Workers } from '../workers/workers.ts'

export const ACCOUNTS = token<Accounts>('accounts')
export const ADMINISTRATORS = token<Administrators>('administrators')
export const API_TOKENS = token<ApiTokens>('api tokens')
export const APPLICATIONS = token<Applications>('applications')
export const AUDIT = token<Audit>('audit')
export const CALLBACK = token<NonNullable<FrontPorts['callback']>>('what applications ask')
export const CONSENTS = token<Consents>('consents')
export const CONSENT_DESK = token<ConsentDesk>('consent desk')
export const CONTEXT_PORTS = token<ContextPorts>('ports of contexts')
export const CSRF = token<Csrf>('csrf')
export const EGRESS = token<Omit<EgressGate, 'refused'>>('egress')
export const ENTITLEMENTS = token<Entitlements>('entitlements')
export const ENTITLEMENT_DESK = token<EntitlementDesk>('entitlement desk')
export const EVENTS = token<EventBus>('events')
export const EVENT_RECORDS = token<EventRecords>('event records')
export const FILES = token<FileStore>('files')
export const GRANTS = token<Grants>('grants')
export const GUESTS = token<Guests>('guests')
export const INSTALLATIONS = token<Installations>('installations')
export const LABELS = token<Labels>('labels')
export const LAYOUTS = token<Layouts>('layouts')
export const LOGIN = token<Login>('login')
export const LOGIN_THROTTLE = token<LoginThrottle>('login throttle')
export const OWN_PASSWORD = token<OwnPassword>('own password')
export const PASSWORDS = token<Passwords>('passwords')
export const PRINCIPALS = token<Principals>('principals')
export const PRIVACY = token<PrivacyDesk>('privacy')
export const QUOTAS = token<Quotas>('quotas')
export const REPLAYS = token<ReplayRunner>('replays')
export const RETENTION = token<Retention>('retention')
export const RELEASES = token<Releases>('releases')
export const REMOVAL = token<Removal>('removal')
export const ROLES = token<Roles>('roles')
export const RUNTIME = token<InlineRuntime>('runtime')
export const SCHEDULER = token<Scheduler>('scheduler')
export const SESSIONS = token<Sessions>('sessions')
export const SETTINGS = token<Settings>('settings')
export const SHARES = token<Shares>('shares')
export const STORAGE_ROOM = token<StorageRoom>('room for storage')
export const TELL_OPERATORS = token<() => Promise<void>>('tell operators')
export const TENANTS = token<Tenants>('tenants')
export const THRESHOLDS = token<Thresholds>('thresholds')
export const WORKERS = token<Workers>('workers')
export const WAVES = token<WaveDesk>('waves')
