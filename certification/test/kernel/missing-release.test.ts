import type { PluginSource } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { collectRegistrations, manifestOf } from '@liberacces/sdk/host'
import { expect, test } from 'vitest'
import { OPERATOR, startKernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID } from './ledger-plugin.ts'

/** A release as one from an archive: known by its manifest, loaded when somebody needs it. */
function described(plugin: Plugin, digest = `sha256-of-${plugin.version}`): PluginSource & { readonly manifest: ReturnType<typeof manifestOf> } {
  return { name: `${plugin.id} ${plugin.version}`, manifest: manifestOf(plugin, collectRegistrations(plugin)), digest, load: () => Promise.resolve(plugin) }
}

test('[L28] only releases that a lock names are loaded; what lacks its release is degraded, and runs again by itself when it comes', async () => {
  await using kernel = await startKernel({ plugins: [described(LEDGER.first), described(LEDGER.colour)], tenants: 2, enable: [] })
  const loaded = (): readonly string[] => kernel.platform.catalogue.releases.map(({ manifest }) => manifest.version)
  for (const index of [0, 1]) await kernel.platform.installations.enable(kernel.tenantId(index), LEDGER_ID, '1.0.0', OPERATOR)
  expect(loaded()).toEqual(['1.0.0'])
  const upgrade = (index: number) => kernel.platform.installations.upgrade(kernel.tenantId(index), LEDGER_ID, { range: '*', by: OPERATOR })
  await upgrade(0)
  expect(loaded().toSorted()).toEqual(['1.0.0', '1.1.0'])
  await upgrade(1)
  expect(loaded()).toEqual(['1.1.0'])
  expect(await kernel.platform.installations.lockOf(kernel.tenantId())).toMatchObject({ plugins: [{ version: '1.1.0', digest: 'sha256-of-1.1.0' }] })

  await kernel.restart([described(LEDGER.first)])
  expect(loaded()).toEqual([])
  const state = async (): Promise<string> => { const [one] = await kernel.platform.installations.list(kernel.tenantId()); return `${one?.state}: ${one?.error ?? ''}` }
  expect(await state()).toMatch(/^degraded: The release 1\.1\.0 .* is not in the catalogue\. Install it again\.$/)
  expect((await kernel.visitor().get('/apps/ledger/entries')).status).toBe(404)
  kernel.platform.catalogue.add(described(LEDGER.colour))
  await kernel.platform.installations.healed()
  expect(await state()).toBe('active: ')
  expect((await kernel.visitor(0).get('/apps/ledger/entries')).json()).toMatchObject({ release: '1.1.0' })
  expect((await kernel.visitor(1).get('/apps/ledger/entries')).json()).toMatchObject({ release: '1.1.0' })

  await kernel.restart([described(LEDGER.colour, 'sha256-another')])
  expect(await state()).toMatch(/^degraded: .* is another than the one that ran here/)
})
