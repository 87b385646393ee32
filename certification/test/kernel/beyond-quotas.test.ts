import { defineEvent, definePlugin, defineService, Type, type Plugin } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { OPERATOR, startKernel } from './kernel-kit.ts'
import { COMMON, NO_MESSAGES, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const ID = 'fr.test.holder'
const Forgotten = defineEvent('fr.test.holder.forgotten/v1', Type.Object({ id: Type.String() }))
const Helper = defineService('fr.test.helper/v1', { help: { input: Type.Object({}), output: Type.Integer() } })

const helper = definePlugin()({
  ...COMMON, id: 'fr.test.helper', path: 'helper', title: { fr: 'Aide' }, scopes: [], messages: NO_MESSAGES,
  setup(k) { k.provide(Helper, () => ({ help: () => Promise.resolve(1) })) },
}) as Plugin

/** Holds personal data, asks another plugin on the way, and tells of each erasure by an event and a mail. */
function holder(version: string): Plugin {
  return definePlugin<NoteTable>()({
    ...COMMON, id: ID, version, path: 'holder', title: { fr: 'Fiches' }, scopes: ['db', 'mail:send'], requires: { 'fr.test.helper/v1': '*' }, messages: NO_MESSAGES, emits: [Forgotten], migrations: NOTE_MIGRATIONS,
    privacy: {
      stores: [{ table: 'note', subject: 'text', purpose: { fr: 'Fiches' }, basis: 'consent', retentionDays: 30 }],
      export: async (c) => ({ data: { notes: await c.db.selectFrom('note').selectAll().execute(), help: await c.use(Helper).help({}) } }),
      erase: async (c, subject) => {
        await c.use(Helper).help({})
        await c.transaction(async (tx) => {
          await tx.deleteFrom('note').where('text', '=', subject.id).execute()
          await tx.emit(Forgotten, { id: subject.id })
          await tx.mail.send({ to: 'dpo@example.fr', subject: 'Effacement', text: 'Fait.' })
        })
        return { erased: 1 }
      },
    },
    check: async (c) => { await c.db.selectFrom('note').selectAll().execute() },
    setup(k) { k.route({ method: 'GET', path: '/notes', audience: 'public', summary: 'Notes', response: { 200: Type.Integer() } }, async (c) => c.reply(200, (await c.db.selectFrom('note').selectAll().execute()).length)) },
  }) as Plugin
}

test('[Q14] past every quota of the day, a person’s data is exported and erased, and a plugin rehearsed, upgraded, rolled back and removed; it counts, and pages are still refused', async () => {
  await using kernel = await startKernel({ plugins: [helper, holder('1.0.0'), holder('1.1.0')], enable: [] })
  const { platform } = kernel
  const tenantId = kernel.tenantId()
  const tenant = platform.tenants.byId(tenantId)
  if (tenant === undefined) throw new Error('It was made.')
  await platform.installations.enable(tenantId, 'fr.test.helper', '*', OPERATOR)
  await platform.installations.enable(tenantId, ID, '1.0.0', OPERATOR)
  await platform.storage.store({ tenantId, pluginId: ID }).db.insertInto('note').values({ id: 'n', text: 'anne@example.fr', number: 1 }).execute()
  await platform.entitlements.setQuotas(tenant, { cpu: 1, events: 1, mails: 1 }, OPERATOR)
  platform.quotas.ledger.spendCpu(tenantId, 2_000_000)
  platform.quotas.ledger.take(tenantId, 'events', 1)
  platform.quotas.ledger.take(tenantId, 'mails', 1)
  const refused = async (): Promise<unknown> => (await kernel.visitor().get('/apps/holder/notes')).status
  expect(await refused()).toBe(429)

  const subject = { id: 'anne@example.fr', email: 'anne@example.fr', name: 'Anne' }
  expect(await platform.privacy.export(tenantId, subject, OPERATOR)).toMatchObject({ [ID]: { data: { notes: [{ id: 'n' }], help: 1 } } })
  expect(await platform.privacy.erase(tenantId, subject, OPERATOR)).toEqual({ [ID]: { erased: 1 } })
  const used = Object.fromEntries((await platform.quotas.useOf(tenantId)).map((one) => [one.kind, one.used]))
  expect(used).toMatchObject({ events: 2, mails: 2 })
  expect(used['cpu']).toBeGreaterThan(2)

  const how = { range: '*', by: OPERATOR }
  expect(await platform.installations.rehearse(tenantId, ID, how)).toMatchObject({ go: true, problems: [] })
  expect(await platform.installations.upgrade(tenantId, ID, how)).toMatchObject({ kind: 'upgraded', to: '1.1.0' })
  expect(await platform.installations.rollback(tenantId, ID, { by: OPERATOR })).toMatchObject({ to: '1.0.0' })
  expect(await refused()).toBe(429)
  await platform.installations.disable(tenantId, ID, OPERATOR)
  expect((await platform.removal.purge(tenantId, ID, OPERATOR))).toBeDefined()
})
