import { expect, test } from 'vitest'
import { FakeOutside } from '../storage/temporary-storage.ts'
import { bytesUnder, contentOf, fillPlace, GOES, namesUnder, OPERATOR, rowsWith, STAYS, temporaryPlace, write } from './removal-kit.tsx'

const isOfGoing = (row: string): boolean => row.includes(`"${GOES}"`) || row.includes(`${GOES}/`) || /fr\.test\.full\.\d/.test(row) || row.includes('agent.goes')
const ZERO = { databases: 0, rows: 0, files: 0, permissions: 0, roles: 0, jobs: 0, settings: 0, subscriptions: 0, layouts: 0, consents: 0, snapshots: 0, bookkeeping: 0 }

test('[U1] the preview counts all that goes, of each kind, who uses it, and which personal data; it changes nothing', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  const before = await rowsWith(platform, () => true, [])
  const preview = await platform.removal.preview(tenantId, GOES)
  expect(preview).toMatchObject({
    pluginId: GOES, version: '1.1.0', state: 'active', archives: [], neededElsewhere: [],
    personalData: [{ table: 'person', purpose: { fr: 'Suivi des demandes' }, retentionDays: 365, rows: 2 }],
    traces: {
      counts: { databases: expect.any(Number), rows: 5, files: 2, permissions: 1, roles: 1, jobs: 1, settings: 1, subscriptions: 2, layouts: 2, consents: 3, bookkeeping: expect.any(Number) },
      roles: ['agent.goes'], deliveries: { undelivered: 1, dead: 0, delivered: 1 },
      content: { tables: [{ table: 'note', rows: 3, bytes: expect.any(Number) }, { table: 'person', rows: 2, bytes: expect.any(Number) }], undelivered: 1, dead: 0, files: 2 },
    },
  })
  expect(preview.traces.counts.snapshots).toBeGreaterThan(0)
  expect(await rowsWith(platform, () => true, [])).toEqual(before)
  await expect(platform.removal.preview(tenantId, 'fr.test.nothing')).rejects.toMatchObject({ code: 'PLUGIN_UNKNOWN' })
  await platform.stop()
})

test('[U2] [U3] a purge leaves nothing of the plugin, and everything of others: their tables, files and decisions, and the audit trail', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId, otherId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const others = { content: await contentOf(platform, tenantId, STAYS), elsewhere: await contentOf(platform, otherId, GOES), files: await bytesUnder(place.folder, [`files/${tenantId}/${STAYS}`, `files/${otherId}`]) }
  const rows = await rowsWith(platform, (row) => !isOfGoing(row) || row.includes(otherId), ['audit', 'installation', 'dirty', 'session'])
  const audit = await platform.audit.list(tenantId, { limit: 500 })

  const { residue, archive } = await platform.removal.purge(tenantId, GOES, OPERATOR)
  expect(residue).toEqual(ZERO)
  expect(await platform.removal.residue(tenantId, GOES)).toEqual(ZERO)
  expect((await rowsWith(platform, (row) => isOfGoing(row) && row.includes(tenantId)))).toEqual([])
  expect(namesUnder(place.folder).filter((name) => name.includes(tenantId) && (name.endsWith(GOES) || name.includes(`${GOES}.sqlite`) || name.includes(`${GOES}/`)))).toEqual([])
  expect({ content: await contentOf(platform, tenantId, STAYS), elsewhere: await contentOf(platform, otherId, GOES), files: await bytesUnder(place.folder, [`files/${tenantId}/${STAYS}`, `files/${otherId}`]) }).toEqual(others)
  expect(await rowsWith(platform, (row) => !isOfGoing(row) || row.includes(otherId), ['audit', 'installation', 'dirty', 'session'])).toEqual(rows)
  const after = await platform.audit.list(tenantId, { limit: 500 })
  expect(after.slice(-audit.length)).toEqual(audit)
  expect(after.slice(0, -audit.length).map(({ action, target, detail }) => [action, target, detail?.['archive']])).toEqual([
    ['plugin.purged', GOES, archive.id], ['plugin.archived', GOES, archive.id], ['plugin.purging', GOES, undefined],
  ])
  expect((await platform.installations.list(tenantId)).map(({ pluginId, state }) => [pluginId, state])).toEqual([[GOES, 'purged'], [STAYS, 'active']])
  // The release stays in the catalogue; switched on again the plugin begins empty.
  await platform.installations.enable(tenantId, GOES, '*', OPERATOR)
  expect(await contentOf(platform, tenantId, GOES)).toMatchObject({ note: [], person: [] })
  expect(await platform.settings.get(tenantId, GOES)).toMatchObject({ hours: 1 })
  await platform.stop()
})

test('[U4] what is on is not purged: it is switched off first', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  const before = await rowsWith(platform, () => true, [])
  await expect(platform.removal.purge(tenantId, GOES, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  expect([await rowsWith(platform, () => true, []), await platform.removal.archives(tenantId)]).toEqual([before, []])
  await platform.stop()
})

test('[U5] switching off keeps everything: data, files, settings, permissions, roles, tiles, refusals', async () => {
  const place = temporaryPlace()
  const platform = await place.open()
  const [tenantId] = await fillPlace(platform)
  const kept = async () => ({ content: await contentOf(platform, tenantId, GOES), counts: { ...await platform.removal.residue(tenantId, GOES), jobs: 0, bookkeeping: 0, databases: 0 }, rows: await rowsWith(platform, (row) => isOfGoing(row), ['audit', 'installation', 'schedule', 'dirty']) })
  const before = await kept()
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  expect(await kept()).toEqual(before)
  await platform.installations.enable(tenantId, GOES, '*', OPERATOR)
  expect(await kept()).toEqual(before)
  expect(await platform.settings.get(tenantId, GOES)).toMatchObject({ hours: 7 })
  await platform.stop()
})

test('[U6] an archive brings everything back, off as it was; newer data is never overwritten', async () => {
  const place = temporaryPlace()
  // Archives are told apart by when they were made.
  let now = new FakeOutside().now()
  const platform = await place.open({ now: () => now })
  const [tenantId] = await fillPlace(platform)
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  const state = async () => ({ content: await contentOf(platform, tenantId, GOES), files: await bytesUnder(place.folder, [`files/${tenantId}`]), rows: (await rowsWith(platform, (row) => isOfGoing(row) && row.includes(tenantId), ['audit', 'installation', 'schedule', 'dirty', 'snapshot', 'kept_file', 'migration'])) })
  const before = await state()
  const { archive } = await platform.removal.purge(tenantId, GOES, OPERATOR)
  await platform.installations.enable(tenantId, GOES, '*', OPERATOR)
  await write(platform, tenantId, GOES, 'newer')
  await expect(platform.removal.restore(tenantId, archive.id, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  await platform.installations.disable(tenantId, GOES, OPERATOR)
  await expect(platform.removal.restore(tenantId, archive.id, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_STATE' })
  now += 1_000
  const second = await platform.removal.purge(tenantId, GOES, OPERATOR)
  expect((await platform.removal.archives(tenantId)).map(({ id }) => id)).toEqual([second.archive.id, archive.id])
  await platform.removal.restore(tenantId, archive.id, OPERATOR)
  expect(await state()).toEqual(before)
  expect((await platform.installations.list(tenantId)).find(({ pluginId }) => pluginId === GOES)).toMatchObject({ state: 'inactive', version: '1.1.0' })
  await platform.installations.enable(tenantId, GOES, '*', OPERATOR)
  expect([await platform.settings.get(tenantId, GOES), [...await platform.consents.refused(tenantId, GOES)]]).toMatchObject([{ hours: 7 }, ['net:api.example.fr']])
  await platform.removal.deleteArchive(tenantId, archive.id, OPERATOR)
  await expect(platform.removal.restore(tenantId, archive.id, OPERATOR)).rejects.toMatchObject({ code: 'PLUGIN_ARCHIVE_UNKNOWN' })
  await platform.stop()
})
