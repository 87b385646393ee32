import type { Audit, AuditActor } from '../audit/audit.ts'
import type { InstalledRelease, Releases } from '../catalogue/releases.ts'
import { PlatformError } from '../errors.ts'
import { InTurn } from '../in-turn.ts'
import type { Reloadable } from '../nodes/reloadable.ts'
import type { Outside } from '../outside.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { RemoteApplicationRow } from '../storage/platform-tables.ts'
import type { Storage } from '../storage/storage.ts'
import { packApplication } from './pack-application.ts'
import type { Application } from './remote-link.ts'
import { isSecret, newSecret } from './signature.ts'

/** What was done when an application was added. */
export interface AddedApplication extends InstalledRelease {
  readonly url: string
  /** The secret where it is new: this is the one moment at which it is told. */
  readonly secret?: string
}

/** The applications that answer elsewhere: where, and by which secret they know the platform. */
export interface Applications {
  /** From memory. @throws PlatformError `REMOTE_UNAVAILABLE` for one that was not added here */
  find(pluginId: string): Application
  /**
   * Adds an application, or another version of it, or says where it answers now: reads its `plugin.json`, and installs what stands there as a release,
   * which runs nowhere before it is switched on. Doing it twice is harmless.
   * @param url - base of its addresses, `https://…`
   * @param options - `secret`: one that the application holds already; `renew`: makes another one, beside which the one before goes on to be used until
   * the next is made
   * @throws PlatformError `REMOTE_INVALID`, `REMOTE_UNAVAILABLE`, `EGRESS_REFUSED`, `RELEASE_IMMUTABLE`, or what else is wrong with it, all of it
   */
  add(url: string, options: { readonly secret?: string; readonly renew?: boolean }, by: AuditActor): Promise<AddedApplication>
  /** Rows in memory. */
  readonly held: Reloadable
}

interface Deps {
  readonly storage: Storage
  readonly outside: Outside
  readonly audit: Audit
  readonly sealer: Sealer
  readonly releases: Pick<Releases, 'take'>
  /** On whose trail it stands: the Pool's. */
  readonly poolId: () => string
  /** What an application says of itself. */
  readonly describe: (url: string) => Promise<unknown>
  /** Whether the platform may go there on behalf of this application. @throws PlatformError `EGRESS_REFUSED` */
  readonly checkAddress: (pluginId: string, url: string) => Promise<void>
}

/** Applications on the kernel's tables, and in memory. */
export async function openApplications(deps: Deps): Promise<Applications> {
  const { storage, outside, audit, sealer, releases, poolId } = deps
  const turns = new InTurn()
  let all: ReadonlyMap<string, Application> = new Map()
  /** One after the other: of two that overlap the one that saw less could come last. */
  const reload = (): Promise<void> => turns.take('read', async () => { all = opened(await storage.platform.selectFrom('remote_application').selectAll().execute()) })
  await reload()

  return {
    held: { tables: ['remote_application'], reload },
    find(pluginId) {
      const found = all.get(pluginId)
      if (found === undefined) {
        throw new PlatformError('REMOTE_UNAVAILABLE', `The application "${pluginId}" was not added to this platform: nobody knows where it answers.`, { fix: 'Add it with `liberacces plugin add-remote URL`.' })
      }
      if (found.secrets.length === 0) {
        throw new PlatformError('REMOTE_UNAVAILABLE', `The secret of the application "${pluginId}" was sealed by another platform, and opens here no more.`, { fix: 'Make another: `liberacces plugin add-remote URL --new-secret`.' })
      }
      return found
    },
    add: (text, { secret, renew = false }, by) => turns.take('add', async () => {
      const url = baseOf(text)
      if (secret !== undefined && !isSecret(secret)) throw invalid('the secret is none', 'Give whsec_ and 24 to 64 bytes in base64.')
      const { manifest, archive } = await packApplication(await deps.describe(url))
      await deps.checkAddress(manifest.id, url)
      const installed = await releases.take(archive, url, by)
      const fresh = newSecret((length) => outside.randomBytes(length))
      const place = placeOf(manifest.id)
      // Looked up and written in one transaction, of which one runs at a time over all nodes: of two that add it, the second finds the secret of the first.
      const own = await storage.platformTransaction(async (tx) => {
        const known = opened(await tx.selectFrom('remote_application').selectAll().where('id', '=', manifest.id).execute()).get(manifest.id)
        const chosen = secret ?? (known === undefined || known.secrets.length === 0 || renew ? fresh : undefined)
        if (chosen === undefined && known?.url === url) return undefined
        if (await tx.selectFrom('release').select('id').where('id', '=', manifest.id).executeTakeFirst() === undefined) throw invalid('its last release was removed meanwhile', 'Add it again.')
        const secrets = chosen === undefined ? (known?.secrets ?? []) : [chosen, ...(known === undefined || known.secrets[0] === chosen ? [] : known.secrets.slice(0, 1))]
        const [present = '', previous] = secrets
        const row = { url, secret: sealer.seal(place, present), previous_secret: previous === undefined ? null : sealer.seal(place, previous), changed_at: outside.now(), changed_by: by.name }
        await tx.insertInto('remote_application').values({ id: manifest.id, ...row }).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute()
        await audit.record({ tenantId: poolId(), actor: by, action: known === undefined ? 'application.added' : 'application.changed', target: manifest.id, detail: { url, secret: chosen === undefined ? 'kept' : 'new' } }, tx)
        return chosen
      })
      await reload()
      return { ...installed, url, ...(own === undefined || secret !== undefined ? {} : { secret: own }) }
    }),
  }

  function opened(rows: readonly RemoteApplicationRow[]): ReadonlyMap<string, Application> {
    return new Map(rows.map(({ id, url, secret, previous_secret: previous }) => {
      const secrets = [secret, previous].flatMap((sealed) => (sealed === null ? [] : sealer.open(placeOf(id), sealed) ?? []))
      return [id, { pluginId: id, url, secrets }]
    }))
  }
}

function placeOf(pluginId: string): string {
  return `application/${pluginId}`
}

/** @throws PlatformError `REMOTE_INVALID` */
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid('this is no address of an application', 'Give https://host/path, without user, query or fragment; http:// on this machine alone, where the operator allows it.')
  }
  return url.href.replace(/\/+$/, '')
}

function invalid(what: string, fix: string): PlatformError {
  return new PlatformError('REMOTE_INVALID', `The application cannot be added: ${what}.`, { fix })
}
