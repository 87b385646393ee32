import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog } from '../../src/http/log.ts'
import { pluginLog } from '../../src/runtime/plugin-log.ts'

/** What a plugin's log line becomes. */
function written(detail: unknown): { readonly text: string; readonly line: Readonly<Record<string, unknown>> } {
  let text = ''
  const log = createLog('info', new Writable({ write: (chunk: Buffer, _encoding, done) => { text += chunk.toString(); done() } }))
  pluginLog(log, { plugin: 'fr.test.loud' }).info('said', detail as Readonly<Record<string, unknown>>)
  return { text, line: JSON.parse(text) as Readonly<Record<string, unknown>> }
}

test('[R92] what a line brings along is cut to 16 KiB, and what is blanked stays so', () => {
  expect(written({ a: 1, b: ['x'] }).line['detail']).toEqual({ a: 1, b: ['x'] })
  expect(written(undefined).line).not.toHaveProperty('detail')
  const long = { a: 1, token: 'secret-of-somebody', text: 'y'.repeat(4_000_000), after: 'z' }
  const { text, line } = written(long)
  expect(text.length).toBeLessThan(20_000)
  expect(line['detail']).toMatchObject({ a: 1, token: '[hidden]', '…': expect.stringContaining('4000') as string })
  expect((line['detail'] as { readonly text: string }).text).toMatch(/^y{15000,16384}…$/)
  for (const detail of [{ rows: Array.from({ length: 100_000 }, (_, index) => index) }, Array.from({ length: 100_000 }, () => 1n), 'x'.repeat(100_000), { ['n'.repeat(100_000)]: 'x' }, { token: 't'.repeat(100_000) }]) {
    const { text: said } = written(detail)
    expect(said.length).toBeLessThan(20_000)
    expect(said).not.toContain('ttt')
  }
})
