import { expect, test } from 'vitest'
import { HeldContent } from '../../src/process/broker/held-content.ts'

test('[R43] what comes after its call is over is cancelled at once, and so is what is too much', async () => {
  const cancelled: string[] = []
  const body = (name: string) => new ReadableStream<Uint8Array>({ cancel: () => { cancelled.push(name) } })
  const content = new HeldContent()
  for (let count = 0; count < 100; count += 1) content.giveStream(body('within'))
  expect(() => content.giveStream(body('one too many'))).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }))
  expect(cancelled).toEqual(['one too many'])
  content.closeAll()
  expect(cancelled.length).toBe(101)
  expect(() => content.giveStream(body('late'))).toThrow(expect.objectContaining({ code: 'PLUGIN_CALL_TIMEOUT' }))
  expect(cancelled.at(-1)).toBe('late')
})
