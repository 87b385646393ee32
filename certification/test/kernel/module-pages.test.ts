import type { Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { askingPlugin } from './consent-plugins.tsx'
import { OPERATOR, startKernel, type Kernel } from './kernel-kit.ts'
import { LEDGER, LEDGER_ID, ledger } from './ledger-plugin.ts'

const HTML = { headers: { accept: 'text/html' } }
const VERSIONS = `/admin/modules/${LEDGER_ID}/versions`
const { first, colour, oneWay, broken, wider } = LEDGER

/** A commune that runs the first release, with one entry, and its administrator. */
async function withFirst(more: readonly Plugin[]): Promise<{ readonly kernel: Kernel; readonly admin: Awaited<ReturnType<Kernel['as']>> }> {
  const kernel = await startKernel({ plugins: [first, ...more], enable: [] })
  await kernel.platform.installations.enable(kernel.tenantId(), LEDGER_ID, '1.0.0', OPERATOR)
  await kernel.visitor().post('/apps/ledger/entries', { id: 'a' })
  return { kernel, admin: await kernel.as('tenant-admin') }
}

const read = async (kernel: Kernel): Promise<unknown> => (await kernel.visitor().get('/apps/ledger/entries')).json()

test('[W7] an administrator sees that a version is out, rehearses it, moves to it and goes back, without a command', async () => {
  const { kernel, admin } = await withFirst([colour])
  await using _ = kernel
  expect((await admin.get('/admin/modules', HTML)).text).toContain('Version 1.1.0 disponible')
  const page = await admin.get(VERSIONS, HTML)
  expect([page.status, page.text.includes('De la version 1.0.0 à la version 1.1.0'), page.text.includes('Aucun retour en arrière n’est possible')]).toEqual([200, true, true])
  const rehearsed = await admin.submit(`${VERSIONS}/repeter`, { to: '1.1.0' }, VERSIONS)
  expect([rehearsed.status, rehearsed.text.includes('La répétition a réussi'), rehearsed.text.includes('1 transformation')]).toEqual([200, true, true])
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
  expect((await admin.submit(`${VERSIONS}/mettre-a-jour`, { to: '1.1.0' }, VERSIONS)).status).toBe(303)
  expect(await read(kernel)).toMatchObject({ release: '1.1.0', ids: ['a'] })
  const after = (await admin.get(VERSIONS, HTML)).text
  expect([after.includes('est passé à la version 1.1.0'), after.includes('Revenir à la version 1.0.0'), after.includes('Aucune version plus récente')]).toEqual([true, true, true])
  await kernel.visitor().post('/apps/ledger/entries', { id: 'b' })
  expect((await admin.submit(`${VERSIONS}/revenir`, {}, VERSIONS)).status).toBe(303)
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a', 'b'] })
  const trail = (await kernel.platform.audit.list(kernel.tenantId(), { limit: 20 })).filter(({ action }) => action === 'plugin.upgraded' || action === 'plugin.rolled-back')
  expect(trail.map(({ action, actor }) => [action, actor.kind])).toEqual([['plugin.rolled-back', 'account'], ['plugin.upgraded', 'account']])
})

test('[W7] a version that breaks is refused on the page, and what runs goes on; a rehearsal says so before', async () => {
  const { kernel, admin } = await withFirst([broken])
  await using _ = kernel
  const rehearsed = await admin.submit(`${VERSIONS}/repeter`, { to: '1.2.0' }, VERSIONS)
  expect([rehearsed.status, rehearsed.text.includes('La répétition a échoué'), rehearsed.text.includes('the third step breaks halfway')]).toEqual([200, true, true])
  const tried = await admin.submit(`${VERSIONS}/mettre-a-jour`, { to: '1.2.0' }, VERSIONS)
  expect([tried.status >= 400, tried.text.includes('Rien n’a été changé'), tried.text.includes('the third step breaks halfway')]).toEqual([true, true, true])
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
  expect((await admin.submit(`${VERSIONS}/mettre-a-jour`, { to: '9.9.9' }, VERSIONS)).status).toBe(404)
})

test('[W7] a way back that loses what was entered is asked about first', async () => {
  const { kernel, admin } = await withFirst([oneWay])
  await using _ = kernel
  await admin.submit(`${VERSIONS}/mettre-a-jour`, { to: '1.1.1' }, VERSIONS)
  await kernel.visitor().post('/apps/ledger/entries', { id: 'b' })
  const asked = await admin.submit(`${VERSIONS}/revenir`, {}, VERSIONS)
  expect([asked.status, asked.text.includes('ferait perdre ce qui a été saisi'), asked.text.includes('name="discard"')]).toEqual([409, true, true])
  expect(await read(kernel)).toMatchObject({ release: '1.1.1', ids: ['a', 'b'] })
  expect((await admin.submit(`${VERSIONS}/revenir`, { discard: 'yes' }, VERSIONS)).status).toBe(303)
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
})

test('[W8] a version that asks for more says so in plain French, and the button is the consent', async () => {
  const { kernel, admin } = await withFirst([wider])
  await using _ = kernel
  await expect(kernel.platform.installations.upgrade(kernel.tenantId(), LEDGER_ID, { range: '*', by: OPERATOR })).rejects.toMatchObject({ code: 'PLUGIN_CONSENT_NEEDED' })
  expect((await admin.get('/admin/modules', HTML)).text).toContain('La version 2.0.0 attend votre accord')
  const page = (await admin.get(VERSIONS, HTML)).text
  expect([page.includes('Accepter et passer à la version 2.0.0'), /fichiers/i.test(page)]).toEqual([true, true])
  expect((await admin.submit(`${VERSIONS}/mettre-a-jour`, { to: '2.0.0' }, VERSIONS)).status).toBe(303)
  expect(await read(kernel)).toMatchObject({ release: '2.0.0' })
  expect((await admin.get('/admin/modules', HTML)).text).not.toContain('attend votre accord')
})

test('[W8] what is optional is granted and refused on a page, and holds from the next call on', async () => {
  await using kernel = await startKernel({ plugins: [askingPlugin('1.0.0', ['db'], ['files'])] })
  const admin = await kernel.as('tenant-admin')
  const path = '/admin/modules/fr.test.asking/autorisations'
  const granted = async (): Promise<unknown> => (await kernel.visitor().get('/apps/asking/granted')).json<Record<string, boolean>>()['files']
  const page = (await admin.get(path, HTML)).text
  expect([page.includes('Sans cette autorisation\u00a0: Il manque quelque chose.'), await granted()]).toEqual([true, true])
  expect((await admin.submit(path, {})).status).toBe(303)
  expect(await granted()).toBe(false)
  expect((await admin.submit(path, { accept: ['files'] })).status).toBe(303)
  expect(await granted()).toBe(true)
  expect((await admin.get('/admin/modules/fr.test.nothing/autorisations', HTML)).status).toBe(404)
})

test('[W7] only who manages the modules of this commune gets at their versions, and no other site can push the button', async () => {
  const { kernel, admin } = await withFirst([colour])
  await using _ = kernel
  const agent = await kernel.as('agent')
  for (const path of [VERSIONS, `/admin/modules/${LEDGER_ID}/autorisations`, `/admin/modules/${LEDGER_ID}/suppression`]) {
    expect([(await agent.get(path, HTML)).status, (await kernel.visitor().get(path, HTML)).status]).toEqual([403, 303])
  }
  expect((await agent.submit(`${VERSIONS}/mettre-a-jour`, { to: '1.1.0' }, '/bureau')).status).toBe(403)
  expect((await admin.send('POST', `${VERSIONS}/mettre-a-jour`, { form: { to: '1.1.0' } })).status).toBe(403)
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
})

test('[W9] what a module has is shown before it is removed, the report says that nothing is left, and the archive brings it back', async () => {
  const { kernel, admin } = await withFirst([])
  await using _ = kernel
  const path = `/admin/modules/${LEDGER_ID}/suppression`
  expect((await admin.get(path, HTML)).text).toContain('désactivez-le d’abord')
  expect((await admin.submit(path, { understood: 'yes' })).status).toBe(409)
  await admin.submit(`/admin/modules/${LEDGER_ID}/desactiver`, {}, '/admin/modules')
  expect((await admin.get('/admin/modules', HTML)).text).toContain(path)
  const preview = (await admin.get(path, HTML)).text
  expect([preview.includes('<code>entry</code>'), preview.includes('Archiver et supprimer')]).toEqual([true, true])
  const unsure = await admin.submit(path, {})
  expect([unsure.status, unsure.text.includes('Cochez la case')]).toEqual([422, true])
  const report = await admin.submit(path, { understood: 'yes' })
  expect([report.status, report.text.includes('Il ne reste rien de «\u00a0Registre\u00a0»')]).toEqual([200, true])
  expect(await kernel.platform.removal.residue(kernel.tenantId(), LEDGER_ID)).toMatchObject({ databases: 0, rows: 0, files: 0, settings: 0, jobs: 0, consents: 0 })
  const [archive] = await kernel.platform.removal.archives(kernel.tenantId())
  expect((await admin.submit(`${path}/${archive?.id}/remettre`, {}, path)).status).toBe(303)
  await admin.submit(`/admin/modules/${LEDGER_ID}/activer`, {}, '/admin/modules')
  expect(await read(kernel)).toEqual({ release: '1.0.0', ids: ['a'] })
  expect((await admin.submit(`${path}/${archive?.id}/supprimer`, {}, path)).status).toBe(303)
  expect((await admin.submit(`${path}/${archive?.id}/remettre`, {}, path)).status).toBe(404)
  expect(await kernel.platform.removal.archives(kernel.tenantId())).toEqual([])
})

test('[W10] the Pool brings all its tenants to a release by a wave on a page: rehearsed first, stopped by a failure, going on when started again', async () => {
  let isUnhappy = true
  const fussy = ledger({ version: '1.4.0', check: () => { if (isUnhappy) throw new Error('an entry has no colour') } })
  await using kernel = await startKernel({ plugins: [first, fussy], tenants: 3, enable: [] })
  for (const index of [0, 1, 2]) await kernel.platform.installations.enable(kernel.tenantId(index), LEDGER_ID, '1.0.0', OPERATOR)
  await kernel.visitor(1).post('/apps/ledger/entries', { id: 'a' })
  const pool = await kernel.as('pool-admin', 'pool')
  const path = `/modules/${LEDGER_ID}`
  expect((await pool.get('/modules', HTML)).text).toMatch(/Registre<\/a>.*1\.4\.0, 1\.0\.0.*>3</s)
  const run = async (what: string): Promise<string> => {
    expect((await pool.submit(`${path}/${what}`, { to: '1.4.0' }, path)).status).toBe(303)
    await kernel.platform.waves.settled()
    return (await pool.get(path, HTML)).text
  }
  const versions = async (): Promise<unknown> => (await kernel.platform.installations.counts()).map(({ version, tenants }) => [version, tenants])
  const rehearsed = await run('repeter')
  expect([rehearsed.includes('Répétition de la version 1.4.0 terminée'), rehearsed.includes('an entry has no colour'), await versions()]).toEqual([true, true, [['1.0.0', 3]]])
  const stopped = await run('mettre-a-jour')
  expect([stopped.includes('Vague vers la version 1.4.0 terminée'), stopped.includes('Commune'), await versions()]).toEqual([true, true, [['1.0.0', 3]]])
  isUnhappy = false
  const done = await run('mettre-a-jour')
  expect([done.includes('3 collectivités à jour'), await versions()]).toEqual([true, [['1.4.0', 3]]])
  expect((await pool.submit(`${path}/mettre-a-jour`, { to: '7.0.0' }, path)).status).toBe(404)
  await pool.submit(`${path}/arreter`, {}, path)
  const trail = (await kernel.platform.audit.list(kernel.platform.tenants.pool()?.id ?? '', { limit: 50 })).filter(({ action }) => action.startsWith('wave.'))
  expect(trail.map(({ action, target, detail }) => [action, target, detail?.['to']])).toEqual([['wave.started', LEDGER_ID, '1.4.0'], ['wave.started', LEDGER_ID, '1.4.0'], ['wave.rehearsed', LEDGER_ID, '1.4.0']])
  const mayor = await kernel.as('tenant-admin')
  expect([(await mayor.get('/modules', HTML)).status, (await mayor.submit(`${path}/mettre-a-jour`, { to: '1.4.0' }, '/bureau')).status]).toEqual([404, 404])
})
