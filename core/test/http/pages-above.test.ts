import { definePlugin, Type } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { pagesAbove } from '../../src/http/endpoints/pages-above.ts'
import type { RequestContext } from '../../src/http/request-context.ts'
import { itemsPlugin, newCalls } from './fixture-plugin.tsx'
import { loaded, person, startFront } from './test-front.tsx'

const Form = Type.Object({ name: Type.String() })
const texts = { home: 'Accueil', office: 'Gestion', list: 'Foyers', one: 'Foyer', new: 'Nouveau', asks: 'Choix', named: 'Bonjour {name}', secret: 'Réservé' }

const households = loaded(definePlugin()({
  id: 'fr.example.households', version: '1.0.0', path: 'households', sdk: '*', license: 'MIT', title: { fr: 'Foyers' }, publisher: { name: 'Example', contact: 'x' },
  runtime: 'inline', scopes: [], privacy: { stores: [] }, permissions: { read: { title: { fr: 'Lire' }, roles: [] }, secret: { title: { fr: 'Secret' }, roles: [] } },
  messages: { fr: texts, en: { ...texts, list: 'Households' } },
  setup(k) {
    k.page({ path: '/', audience: 'public', title: 'home' }, () => null as never)
    k.page({ path: '/office', audience: 'agent', permission: 'read', title: 'office' }, () => null as never)
    k.page({ path: '/office/households', audience: 'agent', permission: 'read', title: 'list', query: Type.Object({ q: Type.Optional(Type.String()), page: Type.Integer({ default: 1 }) }) }, () => null as never)
    k.page({ path: '/office/households/:id', audience: 'admin', permission: 'read', title: 'one' }, () => null as never)
    k.page({ path: '/office/households/new', audience: 'agent', permission: 'read', title: 'new' }, () => null as never)
    k.page({ path: '/office/asks', audience: 'agent', permission: 'read', title: 'asks', query: Type.Object({ day: Type.String() }) }, () => null as never)
    k.page({ path: '/office/named/:id', audience: 'agent', permission: 'read', title: 'list' }, () => null as never)
    k.page({ path: '/office/named/:id/parts', audience: 'agent', permission: 'read', title: 'list' }, () => null as never)
    k.page({ path: '/office/named', audience: 'agent', permission: 'read', title: 'named' }, () => null as never)
    k.page({ path: '/office/secret', audience: 'agent', permission: 'secret', title: 'secret' }, () => null as never)
    for (const path of ['/new', '/office/new', '/office/households/:id/edit', '/office/households/:id/children/:child/edit', '/office/households/new/edit', '/office/asks/edit', '/office/named/edit', '/office/secret/edit']) {
      k.form({ path, audience: path.startsWith('/office') ? 'agent' : 'citizen', permission: 'read', schema: Form, title: 'new' }, (c) => c.redirect('/'))
    }
  },
}))

function above(path: string, locale: 'fr' | 'en' = 'fr'): readonly string[] {
  const principal = person('ada', 'cookie', 'fr.example.households/read')
  const [endpoint] = households.registrations.endpoints.filter((each) => each.kind === 'form' && (each.audience === 'agent') === path.startsWith('/office'))
  if (endpoint === undefined) throw new Error(`There is no form ${path}.`)
  return pagesAbove(households, endpoint, { principal, locale } as RequestContext, `/apps/households${path}`).map(({ label, href }) => `${label} ${href.slice('/apps/households'.length)}`)
}

test('[R262] the way back from a form is the pages of its plugin that its address begins with, in the same area', () => {
  expect(above('/office/households/12/edit')).toEqual(['Gestion /office', 'Foyers /office/households', 'Foyer /office/households/12'])
  expect(above('/office/households/12/children/3/edit', 'en')).toEqual(['Gestion /office', 'Households /office/households', 'Foyer /office/households/12'])
  expect(above('/office/households/new/edit').at(-1)).toBe('Nouveau /office/households/new')
  expect(above('/office/new')).toEqual(['Gestion /office'])
  expect(above('/new')).toEqual(['Accueil /'])
})

test('[R262] of two that follow each other under one title the nearer is shown', () => {
  expect(above('/office/named/12/parts/edit')).toEqual(['Gestion /office', 'Foyers /office/named/12/parts'])
})

test('[R262] a page that the reader may not open, that must be asked something, or whose title waits for its call is none of them', () => {
  expect(above('/office/secret/edit')).toEqual(['Gestion /office'])
  expect(above('/office/asks/edit')).toEqual(['Gestion /office'])
  expect(above('/office/named/edit')).toEqual(['Gestion /office'])
})

test('[R262] a form shows it above its heading, also when it comes back as wrong; one that stands alone shows none', async () => {
  await using platform = await startFront({ people: [person('ada', 'cookie', 'fr.example.households/read', 'fr.example.items/item.write')], releases: [households, loaded(itemsPlugin(newCalls()))] })
  const way = '<ol><li><a href="/apps/households/office">Gestion</a></li><li><a href="/apps/households/office/households">Foyers</a></li><li><a href="/apps/households/office/households/12">Foyer</a></li><li aria-current="page">Nouveau</li></ol>'
  expect((await platform.get('/apps/households/office/households/12/edit?x=1', { as: 'ada' })).text).toContain(way)
  const wrong = await platform.post('/apps/households/office/households/12/edit', '_csrf=csrf-ada', 'application/x-www-form-urlencoded', { as: 'ada' })
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining(way)])
  // The home of this plugin is the public's, its form is for agents.
  expect((await platform.get('/apps/items/new', { as: 'ada' })).text).not.toContain('la-breadcrumb')
})
