import { definePlugin, defineWorker } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { startKernel } from './kernel-kit.ts'
import { COMMON } from './plugin-parts.ts'

const [Breaks, Hangs, Waits] = ['breaks', 'hangs', 'waits'].map((id) => defineWorker(id))

const worked = definePlugin()({
  ...COMMON, id: 'fr.test.worked', path: 'worked', title: { fr: 'Ouvrage' }, scopes: [], messages: { fr: {}, en: {} },
  setup(k) {
    k.worker(Breaks as never, () => Promise.reject(new Error('the bus is <gone>')))
    k.worker(Hangs as never, () => new Promise(() => undefined))
    k.worker(Waits as never, async (w) => { await w.pause() })
  },
})

test('[R267] operators see the workers of a plugin, those in trouble first: why one failed, and since when one waits for nothing', async () => {
  await using kernel = await startKernel({ plugins: [worked], tenants: 1 })
  await expect.poll(() => kernel.platform.workers.list().map(({ workerId, state, astraySince }) => `${workerId} ${state} ${astraySince !== undefined}`).toSorted(), { timeout: 15_000 }).toEqual(['breaks troubled false', 'hangs working true', 'waits working false'])
  const operator = await kernel.as('pool-admin', 'pool')
  const page = await operator.get('/etat/fr.test.worked', { headers: { accept: 'text/html' } })
  expect(page.status).toBe(200)
  const rows = [...page.text.matchAll(/<tr>(?:(?!<\/tr>).)*<code>(\w+)<\/code>(?:(?!<\/tr>).)*<\/tr>/g)].map(([row, id]) => `${id}: ${row.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ').trim()}`)
  expect(rows).toEqual([
    expect.stringMatching(/^hangs: Commune 1 hangs .* au travail .* N’attend rien de connu depuis le 2 mars 2026 à /) as string,
    expect.stringMatching(/^breaks: Commune 1 breaks .* en difficulté .* the bus is &lt;gone/) as string,
    expect.stringMatching(/^waits: Commune 1 waits .* au travail /) as string,
  ])
  // Once its five minutes are over it is run again by itself, and what befell it stands there.
  kernel.outside.advance(5 * 60_000)
  await expect.poll(() => kernel.platform.workers.list().find(({ workerId }) => workerId === 'hangs')?.error, { timeout: 15_000 }).toContain('PLUGIN_CALL_TIMEOUT')
})
