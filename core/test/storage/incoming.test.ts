import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Incoming } from '../../src/storage/files/incoming.ts'

const MIB = 1_048_576

/** A folder for what arrives, and how many bytes had been written whenever the disk was waited for. */
async function arriving(): Promise<{ readonly incoming: Incoming; readonly waits: readonly number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-incoming-'))
  onTestFinished(async () => { await rm(folder, { recursive: true, force: true }) })
  const any = await open(join(folder, 'any'), 'w')
  const handles = Object.getPrototypeOf(any) as typeof any
  await any.close()
  const waits: number[] = []
  for (const way of ['sync', 'datasync'] as const) {
    const real = handles[way]
    const seen = vi.spyOn(handles, way).mockImplementation(async function waited(this: typeof any) {
      waits.push((await this.stat()).size)
      await real.call(this)
    })
    onTestFinished(() => { seen.mockRestore() })
  }
  const incoming = new Incoming(join(folder, 'incoming'), () => '1')
  await incoming.open()
  return { incoming, waits }
}

test('[F42] a large file that arrives waits for the disk every two megabytes, so that nobody else waits for more of it', async () => {
  const { incoming, waits } = await arriving()
  const content = Buffer.alloc(5 * MIB, 'a')
  const whole = await incoming.receive([content], 10 * MIB)
  expect([waits, (await readFile(whole.path)).equals(content)]).toEqual([[2 * MIB, 4 * MIB, 5 * MIB], true])
})

test('[F42] so it does when it comes in small pieces; a small file waits once', async () => {
  const { incoming, waits } = await arriving()
  const received = await incoming.receive(Array.from({ length: 3_000 }, () => Buffer.alloc(1_000, 'b')), 10 * MIB)
  await incoming.discard(received)
  await incoming.receive([Buffer.from('small')], 10 * MIB)
  expect(waits).toEqual([2_098_000, 3_000_000, 5])
})
