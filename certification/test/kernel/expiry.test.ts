import { definePlugin, Type } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { startKernel } from './kernel-kit.ts'
import { COMMON, NO_MESSAGES, NOTE_MIGRATIONS, type NoteTable } from './plugin-parts.ts'

const NIGHT = 24 * 60 * 60 * 1_000
const asked: string[] = []
let answer: (table: string) => unknown = () => ({ expired: 0 })
const keeper = definePlugin<NoteTable & { card: { id: string; text: string } }>()({
  ...COMMON, id: 'fr.test.keeper', path: 'keeper', title: { fr: 'Gardien' }, scopes: ['db'], migrations: NOTE_MIGRATIONS, messages: NO_MESSAGES,
  privacy: {
    stores: [
      { table: 'note', subject: 'text', purpose: { fr: 'Notes' }, basis: 'public-task', retentionDays: 10 },
      { table: 'card', subject: 'text', purpose: { fr: 'Cartes' }, basis: 'legal-obligation', retentionDays: null },
    ],
    export: async () => ({ data: {} }),
    erase: async () => ({ erased: 0 }),
    expire: async (c, { table, before }) => {
      asked.push(`${table} ${Math.round((c.now().getTime() - before.getTime()) / NIGHT)}`)
      return answer(table) as { expired: number }
    },
  },
  setup(k) {
    k.route({ method: 'POST', path: '/keep', audience: 'public', summary: 'Keeps', response: { 204: Type.Null() } }, async (c) => {
      await c.transaction((tx) => tx.insertInto('note').values({ id: c.id(), text: 'x', number: 1 }).execute())
      return c.reply(204, null)
    })
  },
})

test('[E79] what a plugin says it keeps for a time is let go of each night, step by step, and in numbers in the audit trail; what the law keeps is not asked about', async () => {
  asked.length = 0
  const left = [200, 200, 7]
  answer = () => ({ expired: left.shift() ?? 0, hasMore: left.length > 0 })
  await using kernel = await startKernel({ plugins: [keeper] })
  await kernel.visitor().post('/apps/keeper/keep', undefined)
  kernel.outside.advance(NIGHT)
  await kernel.settle()
  expect(asked).toEqual(['note 10', 'note 10', 'note 10'])
  kernel.outside.advance(NIGHT)
  await kernel.settle()
  expect(asked).toHaveLength(4)
  expect((await kernel.platform.audit.list(kernel.tenantId(), { limit: 5, action: 'privacy.expired' })).map(({ target, detail, actor }) => [target, detail, actor.kind])).toEqual([['fr.test.keeper', { table: 'note', count: 407, days: 10 }, 'system']])
})

test('[E79] a plugin that says there is more and lets go of nothing is not asked for ever; one that fails or answers nonsense is named, and asked again the next night', async () => {
  asked.length = 0
  answer = () => ({ expired: 0, hasMore: true })
  await using kernel = await startKernel({ plugins: [keeper] })
  await kernel.visitor().post('/apps/keeper/keep', undefined)
  kernel.outside.advance(NIGHT)
  await kernel.settle()
  expect(asked).toHaveLength(1)
  for (const wrong of [() => { throw new Error('no') }, () => ({ expired: -1 })]) {
    answer = wrong
    kernel.outside.advance(NIGHT)
    await kernel.settle()
  }
  expect(asked).toHaveLength(3)
  expect(kernel.log.filter(({ msg }) => msg === 'scheduled run failed').map(({ schedule, error }) => [schedule, String(error).slice(0, 21)])).toEqual([['liberacces:retention', 'PLUGIN_CALL_FAILED: P'], ['liberacces:retention', 'PLUGIN_ANSWER_INVALID']])
})

test('[E79] where a plugin has stored nothing, it is not asked, and no database is made', async () => {
  asked.length = 0
  await using kernel = await startKernel({ plugins: [keeper] })
  kernel.outside.advance(NIGHT)
  await kernel.settle()
  expect([asked, await kernel.platform.storage.storesOf(kernel.tenantId())]).toEqual([[], []])
})

test('[E79] a name of the platform’s own is no name for a schedule of a plugin', async () => {
  const forged = definePlugin()({
    ...COMMON, id: 'fr.test.forged', path: 'forged', title: { fr: 'Faux' }, scopes: [], messages: NO_MESSAGES,
    setup(k) { k.schedule({ id: 'liberacces:retention', cron: '0 3 * * *', timeoutMs: 10 }, async () => undefined) },
  })
  await using kernel = await startKernel({ plugins: [forged], enable: [] })
  expect(kernel.platform.catalogue.rejected.flatMap(({ problems }) => problems.map(({ message }) => message)).join()).toContain('schedules.0.id')
})
