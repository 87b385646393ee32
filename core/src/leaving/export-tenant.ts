import { createHash } from 'node:crypto'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { v7 } from 'uuid'
import type { AuditActor } from '../audit/audit.ts'
import { PlatformError } from '../errors.ts'
import { platformVersion } from '../platform-version.ts'
import { PLATFORM_SCHEMA } from '../storage/sqlite/platform-schema.ts'
import { STORE_SCHEMA } from '../storage/sqlite/store-schema.ts'
import { syncFolder } from '../storage/sync-folder.ts'
import type { Tenant } from '../tenancy/tenant.ts'
import { FORMAT, FORMAT_VERSION, type ArchiveManifest, type LockedPlugin } from './archive-format.ts'
import { readIndex, writeIndex } from './archive-index.ts'
import { ArchiveWriter } from './archive-writer.ts'
import type { LeavingPorts, Progress } from './leaving-ports.ts'
import { stageTenant } from './stage-tenant.ts'
import { Staging } from './staging.ts'

/** How a tenant is exported. */
export interface ExportOptions {
  /** File to write; replaced when it is there. Compressed when its name ends in `.gz` or `.tgz`. */
  readonly out: string
  /** Whether a file that stands there is replaced. @defaultValue true */
  readonly overwrite?: boolean
  /** Whether accounts keep their password hashes. @defaultValue true */
  readonly passwords?: boolean
  /** Whether it may leave without the tenants below it. @defaultValue false */
  readonly alone?: boolean
  readonly progress?: Progress
}

/** What was written. */
export interface Exported {
  readonly out: string
  /** Of the archive, in bytes. */
  readonly size: number
  readonly entries: number
  /** SHA-256 of the manifest, which holds those of all else: who compares it knows that nothing was changed on the way. */
  readonly fingerprint: string
  /** Files that rows name and that were missing on disk already. */
  readonly missingFiles: number
}

/**
 * Writes all of a tenant to one archive while it is used: everything of one and the same moment.
 * @throws PlatformError `TENANT_UNKNOWN` (the Pool is none that can leave), `TENANT_NOT_EMPTY`, `TENANT_CHANGING`, `EXPORT_FAILED`
 */
export async function exportTenant(ports: LeavingPorts, tenant: Tenant, options: ExportOptions, by: AuditActor): Promise<Exported> {
  refuseUnfit(ports, tenant, options)
  if (options.overwrite === false && await stat(options.out).then(() => true, () => false)) {
    throw new PlatformError('EXPORT_FAILED', `${options.out} is there already.`, { fix: 'Name another file, or add --force to replace it.' })
  }
  const { outside } = ports
  const reached = async (point: string): Promise<void> => { await outside.reached?.(`export:${point}`) }
  const id = v7({ msecs: outside.now(), random: outside.randomBytes(16) })
  const staging = await Staging.create(ports.dataFolder, `export-${id}`, { what: 'export', tenantId: tenant.id, out: options.out })
  const unfinished = `${options.out}.part`
  try {
    const { lock, missingFiles } = await stageTenant(ports, tenant, staging, options)
    await reached('staged')
    const index = await writeIndex(staging)
    const manifest = manifestOf(ports, tenant, options, lock, index)
    const fingerprint = await writeArchive(staging, unfinished, manifest, options, outside.now())
    await reached('written')
    await rename(unfinished, options.out)
    await syncFolder(dirname(options.out))
    await reached('named')
    await ports.audit.record({ tenantId: tenant.id, actor: by, action: 'tenant.exported', target: tenant.id, detail: { entries: index.entries, bytes: index.bytes, passwords: manifest.passwords } })
    await staging.remove()
    return { out: options.out, size: (await stat(options.out)).size, entries: index.entries, fingerprint, missingFiles }
  } catch (error) {
    await rm(unfinished, { force: true })
    await staging.remove()
    throw asRefusal(error, options.out)
  }
}

function refuseUnfit({ tenants }: LeavingPorts, { id, info }: Tenant, { alone = false }: ExportOptions): void {
  if (info.kind === 'pool') {
    throw new PlatformError('TENANT_INVALID', 'The Pool is the platform itself and cannot leave it.', { fix: 'Export its tenants, or copy the whole platform with `liberacces backup`.' })
  }
  const below = tenants.childrenOf(id)
  if (below.length === 0 || alone) return
  throw new PlatformError('TENANT_NOT_EMPTY', `Tenant "${info.slug}" has ${below.length} below it, which an export of it does not hold: ${below.slice(0, 5).map((one) => `"${one.info.slug}"`).join(', ')}${below.length > 5 ? '…' : ''}.`, {
    fix: 'Export those by commands of their own, and this one with --alone; import this one first and the others with --parent.',
  })
}

function manifestOf({ tenants, outside }: LeavingPorts, { id, parentId, hosts, info }: Tenant, { passwords = true }: ExportOptions, lock: readonly LockedPlugin[], index: ArchiveManifest['index']): ArchiveManifest {
  const parent = parentId === undefined ? undefined : tenants.byId(parentId)?.info.slug
  const { slug, name, kind, siren, insee, population } = info
  if (kind === 'pool') throw new Error('The Pool has no export.')
  return {
    format: FORMAT, formatVersion: FORMAT_VERSION, platformVersion: platformVersion(), platformSchema: PLATFORM_SCHEMA.length, storeSchema: STORE_SCHEMA.length,
    exportedAt: new Date(outside.now()).toISOString(),
    tenant: {
      id, slug, name, kind, hosts: hosts.slice(1),
      ...(parent === undefined ? {} : { parent }), ...(siren === undefined ? {} : { siren }), ...(insee === undefined ? {} : { insee }), ...(population === undefined ? {} : { population }),
    },
    passwords, plugins: [...lock], index,
  }
}

/** @returns the SHA-256 of the manifest */
async function writeArchive(staging: Staging, out: string, manifest: ArchiveManifest, { progress, out: name }: ExportOptions, now: number): Promise<string> {
  const writer = await ArchiveWriter.create(out, { gzip: /\.(gz|tgz)$/i.test(name), now })
  try {
    const text = `${JSON.stringify(manifest, null, 2)}\n`
    await writer.addText('manifest.json', text)
    await writer.addFile({ path: 'index.jsonl', ...manifest.index }, staging.at('index.jsonl'))
    let done = 0
    for await (const line of readIndex(staging.at('index.jsonl'))) {
      await writer.addFile(line, staging.at(line.path), () => {
        done += line.size
        progress?.('archive', done, manifest.index.bytes)
      })
    }
    await writer.finish()
    return createHash('sha256').update(text).digest('hex')
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function asRefusal(error: unknown, out: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  const reason = code === undefined ? undefined : REASONS[code]
  if (reason === undefined) return error
  return new PlatformError('EXPORT_FAILED', `${out} could not be written: ${reason}.`, { fix: 'Name a file in a folder that exists, that this user may write to, on a disk with room.', cause: error })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder', EACCES: 'this user may not write there', EPERM: 'this user may not write there', EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EISDIR: 'it is a folder', ENOTDIR: 'a file stands where a folder should',
}
