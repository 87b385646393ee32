import { join } from 'node:path'
import { givenPlugin, readArchive } from '@liberacces/core'
import { definePlugin, Type } from '@liberacces/sdk'
import type { Manifest } from '@liberacces/sdk/host'
import { expect, test } from 'vitest'
import { corpusPlugins } from '../../corpus/base/corpus-plugin.ts'
import { openGround } from '../../src/kernel/ground.ts'
import { settleIn } from '../../src/kernel/settle-in.ts'
import { Traveller } from '../../src/kernel/traveller.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')

/** A plugin whose members join by a code that nobody guesses, and one form that is not for residents. */
const joined: string[] = []
const club = definePlugin()({
  id: 'org.example.club', version: '1.0.0', path: 'club', sdk: '^0.1.0', license: 'GPL-3.0-or-later OR CECILL-2.1', title: { fr: 'Club', en: 'Club' }, publisher: { name: 'Exemple', contact: 'https://example.fr' },
  runtime: 'inline', scopes: [], privacy: { stores: [] }, messages: { fr: { join: 'Adhérer' }, en: { join: 'Join' } },
  permissions: { 'club.join': { title: { fr: 'Adhérer', en: 'Join' }, roles: ['citizen'] }, 'club.lead': { title: { fr: 'Diriger', en: 'Lead' }, roles: ['agent'] } },
  setup(k) {
    k.form({ path: '/adherer', audience: 'citizen', permission: 'club.join', title: 'join', schema: Type.Object({ code: Type.String({ maxLength: 40, examples: ['CLUB-1'] }) }) }, (c, { code }) => {
      if (code !== 'CLUB-1') return c.invalid({ code: c.t('join') })
      joined.push(`${c.actor.kind} at ${c.tenant.slug}`)
      return c.redirect('/adherer')
    })
    k.form({ path: '/diriger', audience: 'agent', permission: 'club.lead', title: 'join', schema: Type.Object({}) }, (c) => {
      joined.push('leads')
      return c.redirect('/diriger')
    })
  },
})

test('[C563] a resident begins with what a plugin has beside it, by its examples where nothing else is taken; what other plugins ask of the kernel is not counted', async () => {
  const made = await (await corpusPlugins()).find(({ name }) => name === 'good-base')?.make()
  if (made === undefined) throw new Error('There is no good-base.')
  await using base = made
  const [archive, beside] = await Promise.all([base.path, join(WORKSPACE, 'plugins/directory')].map(async (folder) => (await packPlugin(folder)).archive)) as [Buffer, Buffer]
  const manifest = JSON.parse((await readArchive(archive)).files.get('plugin.json')?.toString() ?? '') as Manifest
  await using ground = await openGround({ archives: [beside, archive], needed: [givenPlugin(club)], manifest, runtime: 'process', seed: 1 })
  const traveller = new Traveller(ground, ground.alpha, 1)
  await settleIn(traveller, new AbortController().signal)
  expect(joined).toEqual(['account at alpha'])

  const [there, here] = [await ground.send(ground.alpha, undefined, 'GET', '/apps/annuaire/'), await ground.send(ground.alpha, undefined, 'GET', '/apps/messages/')]
  expect([there.status, here.status]).toEqual([200, 200])
  expect(new Set(ground.asked.map(({ plugin }) => plugin))).toEqual(new Set([manifest.id]))
})
