import type { WorkerContext } from '@liberacces/sdk'
import { expect, test } from 'vitest'
import { frame } from '../hostile/wire.ts'
import { openLoopbackSide } from './loopback-side.ts'

type Line = { readonly message: string; readonly detail: Readonly<Record<string, unknown>> | undefined }

/** A plugin whose only worker says some lines and waits: what the kernel hears of them, and in how many bytes. */
async function lines(say: (log: WorkerContext['log']) => void) {
  const heard: Line[] = []
  const { child, side } = await openLoopbackSide({
    worker: async (w) => {
      say(w.log)
      await new Promise(() => undefined)
    },
  })
  let bytes = 0
  child.channel.on('data', (piece: Buffer) => { bytes += piece.length })
  const info = (message: string, detail?: Line['detail']): void => { heard.push({ message, detail }) }
  const w = { tenant: { slug: 'une', name: 'Une', kind: 'commune' }, settings: {}, signal: new AbortController().signal, log: { debug: info, info, warn: info, error: info } } as unknown as WorkerContext
  side.call({ at: 'worker', index: 0 }, { tenant: w.tenant, settings: {}, now: 0 }, { w }).catch(() => undefined)
  return { heard, channel: child.channel, bytes: () => bytes }
}

test('[R286] what a line brings along is cut in the plugin’s process already: little of a large one crosses', async () => {
  const { heard, bytes } = await lines((log) => {
    log.info('large', { first: 1, text: 'x'.repeat(3_000_000) })
    log.info('small', { why: new Error('because') })
  })
  await expect.poll(() => heard).toHaveLength(2)
  expect(heard[0]).toEqual({ message: 'large', detail: { first: 1, text: expect.stringMatching(/^x{15000,16384}…$/) as string, '…': expect.stringContaining('3000') as string } })
  expect(heard[1]?.detail).toMatchObject({ why: { message: 'because' } })
  expect(bytes()).toBeLessThan(40_000)
})

test('[R286] one that was written past that is not looked through: its line stands without', async () => {
  const { heard, channel } = await lines((log) => { log.info('begun') })
  await expect.poll(() => heard).toHaveLength(1)
  const forged = frame(JSON.stringify({ kind: 'log', call: 1, level: 'info', message: 'forged', detail: { text: 'x'.repeat(300_000) } }))
  channel.emit('data', forged)
  await expect.poll(() => heard).toHaveLength(2)
  expect(heard[1]).toEqual({ message: 'forged', detail: { '…': `more than is kept: it came in ${forged.length} bytes` } })
})
