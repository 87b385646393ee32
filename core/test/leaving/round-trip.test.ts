import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MIRROR, NOTICES, BY, contentOf, exportTo, openPlace, PASSWORD, post } from './leaving-kit.ts'

const lives = fc.record({
  notices: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), { maxLength: 8 }),
  files: fc.array(fc.string({ maxLength: 300 }), { maxLength: 6 }),
  people: fc.uniqueArray(fc.stringMatching(/^[a-z]{3,12}$/), { maxLength: 2 }),
  accent: fc.constantFrom('#1f4e79', '#7a1f3d', '#14532d'),
})

test('[X6] exported, imported and exported again, whatever a tenant holds has the same digests', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(lives, async ({ notices, files, people, accent }) => {
    const from = await openPlace()
    const { id } = await from.platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune' }, BY)
    await from.platform.installations.enableTogether(id, [NOTICES, MIRROR], BY)
    for (const notice of notices) await post(from.platform, id, notice)
    for (const text of files) await from.platform.files.of({ tenantId: id, pluginId: NOTICES }).put(new TextEncoder().encode(text), { name: 'a.txt', type: 'text/plain' })
    for (const login of people) await from.platform.accounts.create(id, { login, name: login, password: PASSWORD, roles: ['agent'] }, BY)
    await from.platform.settings.set(id, 'fr.liberacces.kernel', { ...await from.platform.settings.kernel(id), accent }, BY)
    const first = join(from.folder, 'first.tar')
    await exportTo(from.platform, first, 'commune')
    await from.stop()

    const to = await openPlace()
    const second = join(to.folder, 'second.tar.gz')
    await to.platform.leaving.import({ file: first }, BY)
    await exportTo(to.platform, second, 'commune')
    await to.stop()

    const before = await contentOf(first)
    expect(await contentOf(second)).toEqual(before)
    expect(Object.keys(before).filter((path) => path.startsWith('files/')).length).toBe(new Set(files).size)
  }), { numRuns: 10 })
})
