import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveFile } from '../catalogue/releases-kit.ts'
import { temporaryFolder } from './cli-kit.ts'
import { said } from './spoken.ts'

const ID = 'fr.test.greeter'

test('[R264] whatever names a plugin as JSON has its id under pluginId; names from before stay beside it', async () => {
  const data = temporaryFolder()
  const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await said([...args, '--data', data, '--json'])).out) as unknown
  const [one, two] = [await archiveFile(data), await archiveFile(join(data), '1.1.0')]
  await json('tenant', 'create', 'Pool', '--kind', 'pool')
  await json('tenant', 'create', 'Une', '--slug', 'une', '--kind', 'commune')
  const at = ['--tenant', 'une'] as const
  const named = { pluginId: ID, id: ID }
  expect(await json('plugin', 'verify', one)).toMatchObject({ ok: true, ...named })
  expect(await json('plugin', 'install', one)).toMatchObject(named)
  expect(await json('enable', ID, ...at)).toMatchObject({ pluginId: ID })
  await json('plugin', 'install', two)
  expect(await json('plugin', 'list')).toEqual(expect.arrayContaining([expect.objectContaining({ ...named, version: '1.0.0' }), expect.objectContaining({ ...named, version: '1.1.0' })]))
  expect(await json('plugin', 'list', ...at)).toMatchObject([named])
  expect(await json('plugin', 'stop', ID, '--version', '1.1.0', '--reason', 'a leak was reported')).toMatchObject({ pluginId: ID, plugin: ID })
  expect(await json('plugin', 'start', ID, '--version', '1.1.0')).toMatchObject({ pluginId: ID, plugin: ID })
  expect(await json('upgrade', ID, ...at, '--rehearse')).toMatchObject({ pluginId: ID, plugin: ID })
  expect(await json('upgrade', ID, '--all')).toMatchObject({ pluginId: ID, plugin: ID })
  expect(await json('wave', 'list')).toMatchObject([{ pluginId: ID }])
  expect(await json('rollback', ID, ...at)).toMatchObject({ pluginId: ID, plugin: ID })
  expect(await json('consent', 'list', ...at)).toMatchObject([{ pluginId: ID }])
  expect(await json('entitlement', 'show', ...at)).toMatchObject({ plugins: expect.arrayContaining([expect.objectContaining({ pluginId: ID })]) as unknown })
  expect(await json('disable', ID, ...at)).toMatchObject({ pluginId: ID })
  expect(await json('purge', ID, '--yes', ...at)).toMatchObject({ pluginId: ID, purged: ID })
  const archives = await json('archive', 'list', ...at) as readonly { readonly id: string }[]
  expect(archives).toMatchObject([{ pluginId: ID, plugin: { id: ID } }])
  const [archive] = archives
  expect(await json('archive', 'restore', archive?.id ?? '', ...at)).toMatchObject({ pluginId: ID, plugin: { id: ID } })
  expect(await json('purge', ID, ...at)).toMatchObject({ pluginId: ID })
  await json('purge', ID, '--yes', ...at)
  const left = await json('archive', 'list', ...at) as readonly { readonly id: string }[]
  for (const { id } of left) expect(await json('archive', 'delete', id, '--yes', ...at)).toMatchObject({ pluginId: ID, plugin: { id: ID } })
  expect(await json('plugin', 'remove', ID)).toEqual({ removed: [expect.objectContaining(named), expect.objectContaining(named)] })
}, 60_000)
