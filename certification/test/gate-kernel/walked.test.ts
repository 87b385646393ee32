import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSubject } from '../../src/harness/open-subject.ts'
import { openKernelStage } from '../../src/kernel/open-kernel-stage.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')

test('[C520] [C522] a form that wants the name of an event is filled in, where it leads is followed, and what the neighbour says is handed on', { timeout: 120_000 }, async () => {
  const subject = await openSubject('plugins/webhooks', { cwd: WORKSPACE, pack: async (folder) => (await packPlugin(folder)).archive })
  const opened = await openKernelStage(subject, { seed: 1, signal: new AbortController().signal, say: () => undefined })
  if ('missing' in opened) throw new Error(opened.missing)
  try {
    const { exchanges, unreached, ground } = await opened.ground.tour()
    expect(unreached).toEqual([])
    const form = exchanges.findIndex(({ method, path, status }, index) => method === 'POST' && path.endsWith('/abonnements/nouveau') && status === 303 && exchanges[index + 1]?.method === 'GET' && exchanges[index + 1]?.path === exchanges[index]?.location)
    expect(form).toBeGreaterThanOrEqual(0)
    const sent = ground.outside.requests.map(({ body = '' }) => body)
    expect(sent.some((body) => body.includes('fr.liberacces.certification.said/v1'))).toBe(true)
    // Once by a partner that is away, once by one that is gone, of which the administrators are told.
    expect(ground.mails.length).toBeGreaterThan(0)
  } finally {
    await opened.close()
  }
})
