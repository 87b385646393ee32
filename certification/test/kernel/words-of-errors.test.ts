import { definePlugin, Type } from '@liberacces/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startKernel, type Kernel } from './kernel-kit.ts'
import { COMMON } from './plugin-parts.ts'

const HTML = { headers: { accept: 'text/html' } }

const agenda = definePlugin()({
  ...COMMON, id: 'fr.test.agenda', path: 'agenda', title: { fr: 'Agenda' }, scopes: [], messages: { fr: { home: 'Agenda' }, en: { home: 'Agenda' } },
  setup(k) {
    k.page({ path: '/', audience: 'public', title: 'home' }, () => { throw new Error('an inside detail') })
    k.form({ path: '/new', audience: 'public', title: 'home', schema: Type.Object({}) }, (c) => c.redirect('/'))
  },
})
const rooms = definePlugin()({ ...COMMON, id: 'fr.test.rooms', path: 'rooms', title: { fr: 'Salles' }, scopes: [], requires: { 'fr.test.agenda': '*' }, messages: { fr: {}, en: {} }, setup: () => undefined })

let kernel: Kernel

beforeAll(async () => { kernel = await startKernel({ plugins: [agenda, rooms], env: { LIBERACCES_BREAKER: 'off' } }) })
afterAll(async () => { await kernel?.[Symbol.asyncDispose]() })

const heading = (text: string) => /<h1>(.*?)<\/h1>/.exec(text)?.[1]

test('[R261] an administrator reads in French what the kernel refuses, what to do and its code; the kernel’s own sentence, which names who, is folded away', async () => {
  const admin = await kernel.as('tenant-admin')
  const refused = await admin.submit('/admin/modules/fr.test.agenda/desactiver', {}, '/admin/modules')
  expect([refused.status, heading(refused.text)]).toEqual([409, 'D’autres modules ont besoin de celui-ci'])
  expect(refused.text).toContain('<title>D’autres modules ont besoin de celui-ci – Commune 1</title>')
  expect(refused.text).toContain('Désactivez d’abord ce qui en dépend')
  expect(refused.text).toContain('<code>PLUGIN_NEEDED</code>')
  expect(refused.text).toMatch(/<details><summary>Détail technique, en anglais<\/summary><p lang="en">[^<]*fr\.test\.rooms/)

  const english = await admin.send('POST', '/admin/modules/fr.test.agenda/desactiver?lang=en', { form: { _csrf: 'wrong' }, ...HTML })
  expect([english.status, heading(english.text)]).toEqual([403, 'A request that changes something does not come from our own page'])
})

test('[R261] a failure of a plugin is told to staff as one, to a citizen as a service that does not answer; neither learns of its inside', async () => {
  const agent = await (await kernel.as('agent')).get('/apps/agenda/', HTML)
  const citizen = await kernel.visitor().get('/apps/agenda/', HTML)
  expect([agent.status, heading(agent.text)]).toEqual([500, 'Le module a rencontré une erreur'])
  expect([citizen.status, heading(citizen.text)]).toEqual([500, 'Erreur du service'])
  for (const { text } of [agent, citizen]) {
    expect(text).toContain('<code>PLUGIN_CALL_FAILED</code>')
    expect(text).not.toMatch(/an inside detail|Détail technique/)
  }
})

test('[R261] a program gets what it got: titles in English whatever language it prefers, and the code', async () => {
  const { client } = await kernel.withToken('tenant-admin')
  const answer = await client.get('/apps/agenda/', { headers: { 'accept': 'application/json', 'accept-language': 'fr' } })
  expect(answer.json()).toMatchObject({ code: 'PLUGIN_CALL_FAILED', title: 'Plugin code threw.' })
})
