import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BROKEN_PLUGINS, temporaryFolder } from './cli-kit.ts'
import { said, saidJson } from './spoken.ts'

/** A data folder with a Pool and Aytré. */
async function withAytre(): Promise<string> {
  const data = temporaryFolder()
  await saidJson(['tenant', 'create', 'CA de La Rochelle', '--siren', '241700434', '--data', data])
  await saidJson(['tenant', 'create', 'Aytré', '--insee', '17028', '--data', data])
  return data
}

test('[C4] the first tenant is the Pool, one with an INSEE code a commune, others are satellites below what is named', async () => {
  const data = await withAytre()
  await saidJson(['tenant', 'create', 'CCAS d’Aytré', '--siren', '261799993', '--parent', 'aytre', '--host', 'www.ccas-aytre.example', '--data', data])
  expect(await saidJson(['tenant', 'list', '--data', data])).toMatchObject([
    { slug: 'pool', name: 'CA de La Rochelle', kind: 'pool', hosts: ['pool.localhost'] },
    { slug: 'aytre', name: 'Aytré', kind: 'commune', parent: 'pool', insee: '17028', siren: '211700281', population: 9746 },
    { slug: 'ccas-d-aytre', kind: 'satellite', parent: 'aytre', hosts: ['ccas-d-aytre.localhost', 'www.ccas-aytre.example'] },
  ])
})

test('[Z2] the communes of an EPCI are made by one command, with progress, and again does no harm', async () => {
  const data = temporaryFolder()
  await saidJson(['tenant', 'create', 'Département de la Charente-Maritime', '--siren', '221700016', '--data', data])
  const command = ['tenant', 'import-communes', '--epci', '241700434', '--data', data]
  const first = await said(command)
  expect([first.exit, first.err.trim().split('\n').at(-1)]).toEqual([0, '29 of 29 tenants (100 %)'])
  expect(first.out).toMatch(/^Made 28 communes and 1 EPCI in .* s; 0 were there\.$/m)
  const again = await said([...command, '--enable', 'fr.example.notices', '--json'])
  expect([again.exit, again.err]).toEqual([0, ''])
  expect(JSON.parse(again.out)).toEqual({ communes: 0, epcis: 0, existing: 29, problems: [], enabled: 28, notEnabled: [], seconds: expect.any(Number) as number })
  expect(await said(['tenant', 'import-communes', '--data', data])).toMatchObject({ exit: 2, err: expect.stringContaining('--departement CODE') as string })
  expect((await said(['tenant', 'import-communes', '--all', '--epci', '241700434', '--data', data])).exit).toBe(2)
  expect((await said(['tenant', 'import-communes', '--departement', '1x', '--data', data])).exit).toBe(2)
  expect(await saidJson(['tenant', 'list', '--search', 'Aytré', '--data', data])).toMatchObject([{ slug: 'aytre', parent: 'ca-de-la-rochelle' }])
  expect(await saidJson(['tenant', 'list', '--kind', 'epci', '--data', data])).toMatchObject([{ slug: 'ca-de-la-rochelle', parent: 'pool', siren: '241700434' }])
  expect(await saidJson(['tenant', 'list', '--limit', '3', '--offset', '28', '--data', data])).toHaveLength(2)
})

test('[C4] a tenant is deleted only with --yes, and not while others stand below it', async () => {
  const data = await withAytre()
  expect((await said(['tenant', 'delete', 'aytre', '--data', data])).exit).toBe(2)
  expect(await said(['tenant', 'delete', 'pool', '--yes', '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('(TENANT_NOT_EMPTY)') })
  expect(await saidJson(['tenant', 'delete', 'aytre', '--yes', '--data', data])).toMatchObject({ slug: 'aytre', deleted: true })
  expect(await said(['tenant', 'show', 'aytre', '--data', data])).toMatchObject({ exit: 1, err: expect.stringContaining('(TENANT_UNKNOWN)') })
})

test('[C4] a plugin is switched on after what it needs and off before it', async () => {
  const data = await withAytre()
  const at = ['--tenant', 'aytre', '--data', data]
  expect(await said(['enable', 'fr.example.mirror', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('Switch on fr.example.notices first.') })
  expect(await said(['enable', 'fr.example.notices@^2.0.0', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_VERSION_CONFLICT)') })
  expect(await saidJson(['enable', 'fr.example.notices@^1.0.0', ...at])).toMatchObject({ tenant: 'aytre', pluginId: 'fr.example.notices', version: '1.2.0', state: 'active' })
  expect(await saidJson(['enable', 'fr.example.mirror', ...at])).toMatchObject({ state: 'active' })
  expect(await saidJson(['tenant', 'show', 'aytre', '--data', data])).toMatchObject({ plugins: [{ pluginId: 'fr.example.mirror' }, { pluginId: 'fr.example.notices' }] })
  expect(await said(['disable', 'fr.example.notices', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_NEEDED)') })
  expect(await saidJson(['disable', 'fr.example.mirror', ...at])).toMatchObject({ state: 'inactive' })
  expect(await saidJson(['plugin', 'list', ...at])).toMatchObject([{ pluginId: 'fr.example.mirror', state: 'inactive' }, { pluginId: 'fr.example.notices', state: 'active' }])
})

test('[U1] [U2] [U6] purge shows what goes and changes nothing, then archives and deletes with --yes; the archive is listed, put back and deleted', async () => {
  const data = await withAytre()
  const at = ['--tenant', 'aytre', '--data', data]
  await saidJson(['enable', 'fr.example.notices', ...at])
  expect(await said(['purge', 'fr.example.notices', ...at])).toMatchObject({ exit: 1, out: expect.stringContaining('A purge archives this'), err: expect.stringContaining('switch it off first') })
  expect(await said(['purge', 'fr.example.notices', '--yes', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_STATE)') })
  await saidJson(['disable', 'fr.example.notices', ...at])
  const preview = await said(['purge', 'fr.example.notices', ...at])
  expect(preview).toMatchObject({ exit: 1, err: expect.stringContaining('repeat with --yes') })
  expect(preview.out).toMatch(/consents +1 +decisions about its scopes/)
  const done = await saidJson(['purge', 'fr.example.notices', '--yes', ...at]) as { readonly archive: { readonly id: string }; readonly residue: Readonly<Record<string, number>> }
  expect(Object.values(done.residue).every((count) => count === 0)).toBe(true)
  expect(await said(['purge', 'fr.example.notices', ...at])).toMatchObject({ exit: 0, out: expect.stringContaining('was purged at aytre. Left of it:') })
  expect(await saidJson(['archive', 'list', ...at])).toMatchObject([{ id: done.archive.id, plugin: { id: 'fr.example.notices', version: '1.2.0' } }])
  expect(await saidJson(['archive', 'restore', done.archive.id, ...at])).toMatchObject({ state: 'inactive' })
  expect((await said(['archive', 'delete', done.archive.id, ...at])).exit).toBe(2)
  expect(await saidJson(['archive', 'delete', done.archive.id, '--yes', ...at])).toMatchObject({ deleted: true })
  expect(await said(['archive', 'restore', done.archive.id, ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_ARCHIVE_UNKNOWN)') })
})

test('[G6] what plugins may do is listed with who agreed; optional scopes are refused and granted by command', async () => {
  const data = await withAytre()
  const at = ['--tenant', 'aytre', '--data', data]
  await saidJson(['enable', 'fr.example.notices', ...at])
  expect((await said(['enable', 'fr.example.mirror', '--refuse', 'net:copies.example.fr', ...at])).out).toContain('It may: Store data in tables of its own, apart from those of other modules.')
  const listed = await said(['consent', 'list', 'fr.example.mirror', ...at])
  expect(listed.out).toMatch(/net:copies\.example\.fr \(optional\) {2}Send and receive data over the internet with copies\.example\.fr: refused by .+ at /)
  expect(await saidJson(['consent', 'accept', 'fr.example.mirror', 'net:copies.example.fr', ...at])).toMatchObject({ pluginId: 'fr.example.mirror', scopes: expect.arrayContaining([expect.objectContaining({ scope: 'net:copies.example.fr', decision: expect.objectContaining({ decision: 'granted' }) })]) })
  expect(await said(['consent', 'refuse', 'fr.example.notices', 'db', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(CONSENT_INVALID)') })
  expect(await said(['consent', 'accept', 'fr.example.notices', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('No release of "fr.example.notices" waits') })
  expect(await said(['consent', 'refuse', 'fr.example.nothing', 'files', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(PLUGIN_UNKNOWN)') })
})

test('[C4] plugin list names what is ready, where it is on, and why a package is no plugin', async () => {
  const data = await withAytre()
  await saidJson(['enable', 'fr.example.notices', '--tenant', 'aytre', '--data', data])
  expect(await saidJson(['plugin', 'list', '--data', data])).toMatchObject([
    { state: 'ready', id: 'fr.example.mirror', version: '0.3.0', path: 'copies', tenants: 0 },
    { state: 'ready', id: 'fr.example.notices', version: '1.2.0', path: 'panneau', tenants: 1 },
  ])
  expect(await saidJson(['plugin', 'list', '--tenant', 'aytre', '--data', data])).toMatchObject([{ id: 'fr.example.notices', pluginId: 'fr.example.notices', version: '1.2.0', state: 'active' }])
  expect(await saidJson(['plugin', 'list', '--plugins', BROKEN_PLUGINS, '--data', temporaryFolder()])).toEqual([
    { state: 'rejected', source: join(BROKEN_PLUGINS, 'nothing'), problems: [{ code: 'PLUGIN_LOAD_FAILED', message: expect.stringContaining('default export'), fix: expect.any(String) }] },
  ])
})

test('[C5] a password is taken from standard input, or made up and said once; accounts end and tokens are made', async () => {
  const data = await withAytre()
  const at = ['--tenant', 'aytre', '--data', data]
  const make = ['account', 'create', 'c.moreau', '--name', 'Claire Moreau', '--role', 'tenant-admin', '--role', 'agent', ...at]
  const made = await said([...make, '--password-stdin', '--json'], { input: 'une phrase assez longue\n' })
  expect(made.exit).toBe(0)
  expect(JSON.parse(made.out)).toMatchObject({ tenant: 'aytre', login: 'c.moreau', roles: ['agent', 'tenant-admin'], status: 'active' })
  expect(made.out).not.toContain('une phrase')
  expect(await said(make)).toMatchObject({ exit: 1, err: expect.stringContaining('(ACCOUNT_EXISTS)') })
  expect(await said([...make.with(2, 'short'), '--password-stdin'], { input: 'court\n' })).toMatchObject({ exit: 1, err: expect.stringContaining('The password has fewer than 12 characters.') })
  expect(await saidJson(['account', 'create', 'y.robin', '--name', 'Yann Robin', '--role', 'agent', ...at])).toMatchObject({ password: expect.stringMatching(/^[a-z]{6}-[a-z]{6}-[a-z]{6}$/) })

  expect(await saidJson(['token', 'create', '--account', 'c.moreau', '--label', 'essai', '--days', '1', ...at])).toMatchObject({ token: expect.stringMatching(/^la_/), expiresAt: expect.any(Number) })
  expect(await saidJson(['account', 'disable', 'c.moreau', ...at])).toMatchObject({ login: 'c.moreau', status: 'disabled' })
  expect(await saidJson(['account', 'list', ...at])).toMatchObject([{ login: 'c.moreau', status: 'disabled' }, { login: 'y.robin', status: 'active' }])
  expect(await said(['account', 'disable', 'nobody', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(ACCOUNT_UNKNOWN)') })

  const lines = (await saidJson(['audit', 'list', '--action', 'account.created', ...at])) as readonly { readonly actor: { readonly kind: string } }[]
  expect(lines.map(({ actor }) => actor.kind)).toEqual(['operator', 'operator'])
})

test('[C4] tables are aligned, and no name draws over the lines of others', async () => {
  const data = await withAytre()
  await saidJson(['account', 'create', 'm.x', '--name', 'Mal\u001b[2Jice', '--role', 'agent', '--tenant', 'aytre', '--data', data])
  const { out } = await said(['account', 'list', '--tenant', 'aytre', '--data', data])
  expect(out).toBe([
    'LOGIN  NAME        ROLES  EMAIL  STATUS  LAST LOGIN',
    'm.x    Mal [2Jice  agent  –      active  –',
    '',
  ].join('\n'))
})

test('[C4] a tenant without events says so; an event that is not there is refused', async () => {
  const data = await withAytre()
  const at = ['--tenant', 'aytre', '--data', data]
  expect(await saidJson(['events', 'list', ...at])).toEqual([])
  expect(await said(['events', 'dead-letters', ...at])).toEqual({ exit: 0, out: 'aytre has no dead letters.\n', err: '' })
  expect(await said(['events', 'show', '01a209ea-4119-748d-84ab-984288af2e88', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(NOT_FOUND)') })
  expect(await said(['events', 'replay', '01a209ea-4119-748d-84ab-984288af2e88', ...at])).toMatchObject({ exit: 1, err: expect.stringContaining('(NOT_FOUND)') })
})

test('[C4] a command leaves no server behind', async () => {
  const data = await withAytre()
  expect(['control.sock', 'control.json', 'server.pid'].filter((name) => existsSync(join(data, name)))).toEqual([])
})
