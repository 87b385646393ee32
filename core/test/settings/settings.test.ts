import { Choice, LongText, Type, type TObject } from '@liberacces/sdk'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createAudit } from '../../src/audit/audit.ts'
import type { PlatformError } from '../../src/errors.ts'
import { KERNEL_ID } from '../../src/identity/kernel-permissions.ts'
import { createSettings } from '../../src/settings/settings.ts'
import { createSealer } from '../../src/secrets/sealer.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { runStorage } from '../storage/run-storage.ts'
import { FakeOutside } from '../storage/temporary-storage.ts'

const BY = { kind: 'account', id: 'a-1', name: 'Anne' } as const
const CANTEEN = 'fr.example.canteen'
const SCHEMA = Type.Object({
  cutoffHours: Type.Integer({ minimum: 0, default: 48 }),
  mode: Choice(['open', 'closed'], { default: 'open' }),
  note: Type.Optional(LongText({ maxLength: 50 })),
  sender: Type.Optional(Type.String({ format: 'email' })),
  days: Type.Array(Type.String(), { default: ['lundi'] }),
})

async function setUp(schemaOf: () => TObject = () => SCHEMA, given?: Storage) {
  const outside = new FakeOutside()
  const storage = given ?? await runStorage({ outside })
  if (given === undefined) {
    for (const id of ['t-1', 't-2']) await storage.platform.insertInto('tenant').values({ id, slug: id, name: id, kind: 'commune', parent_id: null, siren: null, insee: null, population: null, created_at: 0 }).execute()
  }
  const audit = createAudit({ storage, outside })
  const warnings: object[] = []
  const settings = createSettings({ storage, outside, audit, schemaOf, sealer: createSealer(new Uint8Array(32), (length) => crypto.getRandomValues(new Uint8Array(length))), log: { warn: (detail) => { warnings.push(detail) } } })
  const write = (json: string) => storage.platform.insertInto('setting').values({ tenant_id: 't-1', plugin_id: CANTEEN, value_json: json, updated_at: 0 }).execute()
  return { settings, storage, audit, warnings, write }
}

const DEFAULTS = { cutoffHours: 48, mode: 'open', days: ['lundi'] }

describe('reading', () => {
  test('[F1] without a word from the tenant the defaults hold, frozen to the bottom and the same for all', async () => {
    const { settings } = await setUp()
    const value = await settings.get('t-1', CANTEEN)
    expect(value).toEqual(DEFAULTS)
    expect([Object.isFrozen(value), Object.isFrozen(value['days'])]).toEqual([true, true])
    expect(await settings.get('t-2', CANTEEN)).toBe(value)
  })

  test('[F1] what was set is read by the next process, on its tenant alone', async () => {
    const { settings, storage } = await setUp()
    await settings.set('t-1', CANTEEN, { cutoffHours: 24, note: 'x' }, BY)
    const next = await setUp(() => SCHEMA, storage)
    expect(await next.settings.get('t-1', CANTEEN)).toEqual({ ...DEFAULTS, cutoffHours: 24, note: 'x' })
    expect(await next.settings.get('t-2', CANTEEN)).toEqual(DEFAULTS)
  })

  test('[F2] a stored field that no longer fits gives way to its default, the others hold, and it is logged without its value', async () => {
    const { settings, write, warnings } = await setUp()
    await write(JSON.stringify({ cutoffHours: -3, mode: 'zut', note: 'gardée', sender: 'pas-une-adresse', days: ['mardi'], gone: 1 }))
    expect(await settings.get('t-1', CANTEEN)).toEqual({ cutoffHours: 48, mode: 'open', note: 'gardée', days: ['mardi'] })
    expect(warnings).toEqual([{ tenant: 't-1', plugin: CANTEEN, fields: ['cutoffHours', 'mode', 'sender'] }])
    expect(inspect(warnings)).not.toMatch(/zut|pas-une/)
  })

  test('[F3] a colour on which nobody could read is refused in the reader\'s language', async () => {
    const { settings } = await setUp()
    const refused = (locale: 'fr' | 'en') => settings.set('t-1', KERNEL_ID, { accent: '#ffee00' }, BY, locale).catch((error: PlatformError) => error.fields?.['accent'])
    expect(await refused('fr')).toMatch(/^Un texte blanc sur cette couleur a un contraste de 1,\d/)
    expect(await refused('en')).toMatch(/^White text on #ffee00 has a contrast of 1\.\d/)
  })

  test.each(['{', 'null', '[]', '7', '"x"'])('[F2] %s in the table is no reason to fail', async (json) => {
    const { settings, write } = await setUp()
    await write(json)
    expect(await settings.get('t-1', CANTEEN)).toEqual(DEFAULTS)
  })

  test('[F2] another release\'s schema is applied at once, and a schema out of a manifest like one in code', async () => {
    let schema: TObject = SCHEMA
    const { settings } = await setUp(() => schema)
    await settings.set('t-1', CANTEEN, { cutoffHours: 24, mode: 'closed' }, BY)
    schema = JSON.parse(JSON.stringify(Type.Object({ cutoffHours: Type.Integer({ default: 12, maximum: 20 }), mode: Choice(['open', 'closed']), extra: Type.Boolean({ default: true }) }))) as TObject
    expect(await settings.get('t-1', CANTEEN)).toEqual({ cutoffHours: 12, mode: 'closed', extra: true })
  })

  test('[F1] a preloaded plugin answers without waiting, before and after a change', async () => {
    const { settings, storage } = await setUp()
    await settings.set('t-1', KERNEL_ID, { accent: '#003366' }, BY)
    const next = (await setUp(() => SCHEMA, storage)).settings
    expect(next.peekKernel('t-1')).toBeUndefined()
    await next.preload(KERNEL_ID)
    expect([next.peekKernel('t-1')?.accent, next.peekKernel('t-2')?.accent]).toEqual(['#003366', '#1f4e79'])
    await next.set('t-2', KERNEL_ID, { accent: '#660033' }, BY)
    expect(next.peekKernel('t-2')?.accent).toBe('#660033')
    next.forget('t-2')
    expect(next.peekKernel('t-2')?.accent).toBe('#1f4e79')
  })
})

describe('writing', () => {
  test('[F3] what does not fit is refused field by field, in the reader\'s language, and nothing is stored', async () => {
    const { settings, storage } = await setUp()
    const wrong = { cutoffHours: 'demain', mode: 'zut', sender: 'x', autre: 1 }
    const refused = await settings.set('t-1', CANTEEN, wrong, BY, 'fr').catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'SETTING_INVALID' })
    const { fields } = refused as { fields: Record<string, string> }
    expect(Object.keys(fields).sort()).toEqual(['autre', 'cutoffHours', 'mode', 'sender'])
    expect(fields['cutoffHours']).toMatch(/nombre entier/)
    expect(inspect(refused)).not.toMatch(/demain|zut/)
    expect(await storage.platform.selectFrom('setting').selectAll().execute()).toEqual([])
    for (const value of [null, 7, 'x', []]) await expect(settings.set('t-1', CANTEEN, value, BY)).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  })

  test('[F4] a change is on record by name, with numbers and switches but no text; no change is not', async () => {
    const { settings, audit } = await setUp()
    await settings.set('t-1', CANTEEN, { cutoffHours: 24, note: 'clé secrète' }, BY)
    await settings.set('t-1', CANTEEN, { cutoffHours: 24, note: 'clé secrète' }, BY)
    const lines = await audit.list('t-1', { limit: 10 })
    expect(lines.map(({ actor, pluginId, action, target, detail }) => ({ actor, pluginId, action, target, detail }))).toEqual([
      { actor: BY, pluginId: CANTEEN, action: 'settings.changed', target: CANTEEN, detail: { changed: 'cutoffHours note', 'to.cutoffHours': 24 } },
    ])
  })

  test('[F5] an accent colour on which white cannot be read is refused', async () => {
    const { settings } = await setUp()
    for (const accent of ['#ffff00', '#777777', '#fff', 'red', '#1f4e79ff']) {
      await expect(settings.set('t-1', KERNEL_ID, { accent }, BY)).rejects.toMatchObject({ code: 'SETTING_INVALID', fields: { accent: expect.any(String) as string } })
    }
    // 4.54 to 1, the lightest grey that passes.
    await settings.set('t-1', KERNEL_ID, { accent: '#767676', contact: 'mairie@ville.example', phone: '05 46 51 51 51' }, BY)
    expect(await settings.kernel('t-1')).toEqual({ accent: '#767676', welcome: '', contact: 'mairie@ville.example', phone: '05 46 51 51 51', address: '', eventDays: 30, deadLetterDays: 180 })
    await expect(settings.set('t-1', KERNEL_ID, { contact: 'mairie', phone: 'appelez-nous' }, BY)).rejects.toMatchObject({ fields: { contact: expect.any(String) as string, phone: expect.any(String) as string } })
  })
})
