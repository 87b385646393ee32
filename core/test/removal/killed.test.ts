import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Platform } from '../../src/platform.ts'
import { signalThatEnds } from '../killed-process.ts'
import { onPostgres } from '../run-environment.ts'
import { contentOf, fillPlace, GOES, OPERATOR, placeAt, rowsWith, STAYS, temporaryPlace } from './removal-kit.tsx'

const PURGE = ['begun', 'copied', 'verified', 'placed', 'archived', 'deliveries', 'rows', 'snapshots', 'database', 'files', 'purged'] as const
const RESTORE = ['begun', 'files', 'database', 'restored'] as const

/** Runs the other process to its death. */
async function killed(folder: string, point: string, ...rest: readonly string[]): Promise<NodeJS.Signals | null> {
  return signalThatEnds(join(import.meta.dirname, 'killed-purge.ts'), folder, point, ...rest)
}

/** A few at a time. */
async function each<Item>(items: readonly Item[], run: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items]
  await Promise.all(Array.from({ length: 3 }, async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item)
  }))
}

const stateOf = async (platform: Platform, tenantId: string) => (await platform.installations.list(tenantId)).find(({ pluginId }) => pluginId === GOES)?.state

/** What a test finds, made once and copied; anew each time where a folder is not all there is to copy. */
function copiesOf<About>(make: (platform: Platform) => Promise<About>): () => Promise<{ readonly folder: string; readonly about: About }> {
  const fresh = async () => {
    const place = temporaryPlace()
    const platform = await place.open()
    const about = await make(platform)
    await platform.stop()
    return { folder: place.folder, about }
  }
  let original: ReturnType<typeof fresh> | undefined
  return async () => {
    if (onPostgres) return await fresh()
    const { folder, about } = await (original ??= fresh())
    const copy = temporaryPlace()
    cpSync(folder, copy.folder, { recursive: true })
    return { folder: copy.folder, about }
  }
}

test('[U7] killed at any step of a purge: the next start finishes it; nothing is left but the archive, and nothing of others is touched', { timeout: 180_000 }, async () => {
  const next = copiesOf(async (platform) => {
    const [tenantId] = await fillPlace(platform)
    await platform.installations.disable(tenantId, GOES, OPERATOR)
    return { tenantId, before: { stays: await contentOf(platform, tenantId, STAYS), goes: await contentOf(platform, tenantId, GOES) } }
  })
  await each(PURGE, async (point) => {
    const { folder, about: { tenantId, before } } = await next()
    expect([point, await killed(folder, `purge:${point}`, tenantId)]).toEqual([point, 'SIGKILL'])
    const platform = await placeAt(folder).open()
    const [archive, ...others] = await platform.removal.archives(tenantId)
    expect([point, await stateOf(platform, tenantId), others, Object.values(await platform.removal.residue(tenantId, GOES)).filter((count) => count > 0)]).toEqual([point, 'purged', [], []])
    expect(await contentOf(platform, tenantId, STAYS)).toEqual(before.stays)
    expect(await rowsWith(platform, (row) => row.startsWith('operation'))).toEqual([])
    await platform.removal.restore(tenantId, archive?.id ?? '', OPERATOR)
    expect(await contentOf(platform, tenantId, GOES)).toEqual(before.goes)
    await platform.stop()
  })
})

test('[U7] killed at any step of putting an archive back: the next start finishes it', { timeout: 120_000 }, async () => {
  const next = copiesOf(async (platform) => {
    const [tenantId] = await fillPlace(platform)
    await platform.installations.disable(tenantId, GOES, OPERATOR)
    const before = await contentOf(platform, tenantId, GOES)
    return { tenantId, before, archive: (await platform.removal.purge(tenantId, GOES, OPERATOR)).archive }
  })
  await each(RESTORE, async (point) => {
    const { folder, about: { tenantId, before, archive } } = await next()
    expect([point, await killed(folder, `restore:${point}`, tenantId, archive.id)]).toEqual([point, 'SIGKILL'])
    const platform = await placeAt(folder).open()
    expect([point, await stateOf(platform, tenantId)]).toEqual([point, 'inactive'])
    expect(await contentOf(platform, tenantId, GOES)).toEqual(before)
    await platform.installations.enable(tenantId, GOES, '*', OPERATOR)
    expect(await platform.settings.get(tenantId, GOES)).toMatchObject({ hours: 7 })
    await platform.stop()
  })
})
