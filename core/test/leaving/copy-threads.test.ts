import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { extract } from 'tar'
import { describe, expect, test } from 'vitest'
import { CopyThreads } from '../../src/leaving/copy-threads.ts'
import { temporaryFolder } from '../cli/cli-kit.ts'
import { BY, exportTo, makeCommune, NOTICES, openPlace } from './leaving-kit.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** Around the ends of blocks and of what is copied at a time. */
const EDGES = [0, 1, 511, 512, 513, 256 * 1024 - 513, 256 * 1024 - 512, 256 * 1024 - 511, 256 * 1024, 256 * 1024 + 1, 512 * 1024, 1_000_003]

describe('threads that copy', () => {
  test('[X6] whatever is copied, of any size and from any place, arrives in its place, with its digest and padding', async () => {
    const folder = temporaryFolder()
    await using threads = new CopyThreads()
    const size = fc.oneof(fc.constantFrom(...EDGES), fc.nat({ max: 700_000 }))
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ size, head: fc.option(fc.uint8Array({ maxLength: 600 }), { nil: undefined }), padTo: fc.option(fc.constant(512), { nil: undefined }) }), { maxLength: 6 }), async (pieces) => {
      const given = randomBytes(pieces.reduce((sum, piece) => sum + piece.size, 0) + 10)
      writeFileSync(join(folder, 'from'), given)
      const from = await open(join(folder, 'from'), 'r')
      const to = await open(join(folder, 'to'), 'w')
      let fromAt = 3
      let toAt = 0
      const wanted: Uint8Array[] = []
      const copies = pieces.map(({ size: bytes, head, padTo }) => {
        const content = given.subarray(fromAt, fromAt + bytes)
        const written = Buffer.concat([head ?? Buffer.alloc(0), content, Buffer.alloc(padTo === undefined ? 0 : (padTo - (bytes % padTo)) % padTo)])
        const copy = threads.copy({ from: from.fd, fromAt, size: bytes, to: to.fd, toAt, ...(head === undefined ? {} : { head }), ...(padTo === undefined ? {} : { padTo }) })
        fromAt += bytes
        toAt += written.length
        wanted.push(written)
        return copy.then((digest) => { expect(digest).toBe(sha256(content)) })
      })
      await Promise.all(copies)
      await Promise.all([from.close(), to.close()])
      expect(readFileSync(join(folder, 'to')).equals(Buffer.concat(wanted))).toBe(true)
    }), { numRuns: 40 })
  })

  test('[X8] a source that is too short, or cannot be read, is told with its code; the next copy goes on', async () => {
    const folder = temporaryFolder()
    await using threads = new CopyThreads()
    writeFileSync(join(folder, 'from'), 'content')
    const from = await open(join(folder, 'from'), 'r')
    const to = await open(join(folder, 'to'), 'w')
    await expect(threads.copy({ from: from.fd, fromAt: 3, size: 5, to: to.fd, toAt: 0 })).rejects.toMatchObject({ code: 'CUT_SHORT' })
    await expect(threads.copy({ from: to.fd, fromAt: 0, size: 5, to: to.fd, toAt: 0 })).rejects.toMatchObject({ code: 'EBADF' })
    await expect(threads.copy({ from: from.fd, fromAt: 0, size: 5, to: from.fd, toAt: 0 })).rejects.toMatchObject({ code: 'EBADF' })
    expect(await threads.copy({ from: from.fd, fromAt: 0, size: 7, to: to.fd, toAt: 0 })).toBe(sha256(Buffer.from('content')))
    await Promise.all([from.close(), to.close()])
  })

  test('[X8] closed, they refuse what was asked and what is asked', async () => {
    const folder = temporaryFolder()
    const threads = new CopyThreads()
    const zero = await open('/dev/zero', 'r')
    const to = await open(join(folder, 'to'), 'w')
    const asked = [1, 2, 3, 4, 5, 6].map((toAt) => threads.copy({ from: zero.fd, fromAt: 0, size: 400_000_000, to: to.fd, toAt }).then(() => 'done', () => 'refused'))
    await threads.close()
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['refused']))
    await expect(threads.copy({ from: zero.fd, fromAt: 0, size: 1, to: to.fd, toAt: 0 })).rejects.toThrow('closed')
    await Promise.all([zero.close(), to.close()])
  })
})

test('[X6] files around every edge leave and come back, compressed or not, and any tar reads them', async () => {
  const from = await openPlace()
  const id = await makeCommune(from.platform)
  const key = { tenantId: id, pluginId: NOTICES }
  const wanted = new Map(EDGES.map((size) => randomBytes(size)).map((bytes) => [sha256(bytes), bytes]))
  for (const bytes of wanted.values()) await from.platform.files.of(key).put(bytes, { name: 'a.bin', type: 'application/octet-stream' })
  for (const name of ['x.tar', 'x.tar.gz']) {
    await exportTo(from.platform, join(from.folder, name))
    const away = temporaryFolder()
    await extract({ file: join(from.folder, name), cwd: away, strict: true })
    const to = await openPlace()
    await to.platform.leaving.import({ file: join(from.folder, name) }, BY)
    for (const [digest, bytes] of wanted) {
      expect(readFileSync(join(away, 'files', NOTICES, digest.slice(0, 2), digest)).equals(bytes)).toBe(true)
      expect(readFileSync(join(to.folder, 'files', key.tenantId, key.pluginId, digest.slice(0, 2), digest)).equals(bytes)).toBe(true)
    }
    await to.stop()
  }
})
