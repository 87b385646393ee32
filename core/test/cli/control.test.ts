import { expect, onTestFinished, test } from 'vitest'
import { forwardCommand } from '../../src/cli/control/control-client.ts'
import { startControlServer } from '../../src/cli/control/control-server.ts'
import { temporaryFolder } from './cli-kit.ts'

test('[C17] an answer of many megabytes comes through the control socket whole, whatever stands in it, with what is said beside it and the exit code', async () => {
  const data = temporaryFolder()
  // Characters of one to four bytes, and such as a JSON line has to write as six.
  const long = `${'a'.repeat(262_143)}${'Aytré 😀 "\\ \u0001\n'.repeat(900_000)}`
  const beside = '\u0001'.repeat(5_000_000)
  const server = await startControlServer(data, (_argv, streams) => {
    streams.err(beside)
    streams.out(long)
    streams.out('')
    streams.out('the end')
    return Promise.resolve(3)
  })
  onTestFinished(() => server.stop())
  const outs: string[] = []
  let err = ''
  const exit = await forwardCommand(data, { argv: ['tenant', 'list'] }, {
    out: (text) => { outs.push(text) }, err: (text) => { err += text }, input: () => Promise.resolve(''), folder: data,
  })
  expect([exit, outs.join('') === `${long}the end`, err === beside, outs.every((part) => part.isWellFormed())]).toEqual([3, true, true, true])
})
