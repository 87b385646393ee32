import { expect, test } from 'vitest'
import type { AuditRecord } from '../../src/audit/audit.ts'
import { KERNEL_ID } from '../../src/identity/kernel-permissions.ts'
import { auditItem } from '../../src/sites/audit-item.ts'

type Services = Parameters<typeof auditItem>[0]
const news = { manifest: { id: 'fr.example.news', title: { fr: 'Actualités', en: 'News' } }, plugin: { messages: { fr: { 'audit.article.published': 'Article publié' }, en: { 'audit.article.published': 'Article published' } } } }
const services = { catalogue: { releases: [news], find: (id: string) => (id === 'fr.example.news' ? [news.manifest] : []) } } as unknown as Services
const tenant = { id: 't', info: { name: 'Aytré' } } as Parameters<typeof auditItem>[1]['tenant']
const base: AuditRecord = { id: 1, at: 0, tenantId: 't', actor: { kind: 'account', id: 'a', name: 'Marie' }, action: 'plugin.enabled', target: 'fr.example.news' }

test('the kernel\'s own actions, objects and details are in the reader\'s words', () => {
  const record: AuditRecord = { ...base, detail: { version: '1.0.0' } }
  expect(auditItem(services, { locale: 'fr', tenant }, record)).toMatchObject({ actionTitle: 'Module activé', target: 'Actualités', detail: 'version\u00a0: 1.0.0' })
  expect(auditItem(services, { locale: 'en', tenant }, record)).toMatchObject({ actionTitle: 'Module enabled', target: 'News', detail: 'version: 1.0.0' })
  expect(auditItem(services, { locale: 'fr', tenant }, { ...base, action: 'settings.changed', target: KERNEL_ID }).target).toBe('Administration')
  expect(auditItem(services, { locale: 'fr', tenant }, { ...base, action: 'account.created', target: '0199', detail: { login: 'jeanne', roles: '' } })).toMatchObject({ target: 'jeanne', detail: 'identifiant\u00a0: jeanne' })
  expect(auditItem(services, { locale: 'fr', tenant }, { ...base, action: 'administrators.resolved', target: 't' }).target).toBe('Aytré')
})

test('an action of a plugin is in the plugin\'s words where it has some, else as it is', () => {
  const of = (action: string) => auditItem(services, { locale: 'fr', tenant }, { ...base, pluginId: 'fr.example.news', action, target: '42' })
  expect(of('article.published')).toMatchObject({ actionTitle: 'Article publié', plugin: 'Actualités', target: '42' })
  expect(of('article.moved').actionTitle).toBeUndefined()
  expect(auditItem(services, { locale: 'fr', tenant }, { ...base, action: 'something.new' }).actionTitle).toBeUndefined()
})
