import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, closeSync, copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { BoxedChild, BoxOptions } from '../../../src/process/box/box.ts'
import { findControlGroups } from '../../../src/process/box/control-group.ts'
import { withDescendants } from '../../../src/process/box/memory-use.ts'
import { openBox } from '../../../src/process/box/open-box.ts'
import type { WallPolicy } from '../../../src/process/box/wall-policy.ts'
import { isProcessAlive } from '../../../src/process-alive.ts'

const PROGRAMS = join(import.meta.dirname, 'program')
/** What is refused with nothing said to be missing: attempts that do not apply where these walls stand. */
const DOES_WORK = ['read the own file']

/** A folder of the test's own, with a release in it, a secret beside it, and listeners that note who came. */
export interface Ground {
  readonly folder: string
  readonly release: string
  readonly place: Readonly<Record<string, unknown>>
  /** What reached the listeners. */
  readonly reached: readonly string[]
  program(name: string): string
  close(): void
}

/** Lays out a ground; loopback and sockets in it are all that an attempt could reach. */
export async function layOut(): Promise<Ground> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'liberacces-box-test-')))
  const release = join(folder, 'release')
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'platform'), { recursive: true })
  mkdirSync(release)
  writeFileSync(join(release, 'package.json'), '{"type":"module"}')
  for (const name of readdirSync(PROGRAMS)) copyFileSync(join(PROGRAMS, name), join(release, name))
  writeFileSync(join(folder, 'platform', 'secret.json'), '{"secret":true}')
  new Database(join(folder, 'platform', 'secret.sqlite')).close()
  copyFileSync(join(import.meta.dirname, '../../../node_modules/better-sqlite3/package.json'), join(release, 'addon.node'))

  const reached: string[] = []
  const listen = async (server: Server, where: { readonly port: number; readonly host: string } | { readonly path: string }, name: string): Promise<Server> => {
    server.on('connection', (socket) => {
      reached.push(name)
      socket.on('error', () => undefined).destroy()
    })
    await new Promise<void>((resolve) => { server.listen(where, resolve) })
    return server
  }
  const tcp = await listen(createServer(), { port: 0, host: '127.0.0.1' }, 'tcp')
  const unix = await listen(createServer(), { path: join(folder, 'socket') }, 'unix socket')
  const abstract = await listen(createServer(), { path: `\0${folder}` }, 'abstract socket')
  const udp: UdpSocket = createSocket('udp4').on('message', () => { reached.push('udp') })
  await new Promise<void>((resolve) => { udp.bind(0, '127.0.0.1', resolve) })
  return {
    folder, release, reached,
    place: {
      own: join(release, 'package.json'), secret: join(folder, 'platform', 'secret.json'), written: join(folder, 'written'), socket: join(folder, 'socket'), abstract: `\0${folder}`,
      addon: join(release, 'addon.node'), port: (tcp.address() as AddressInfo).port, udp: udp.address().port, pid: process.pid,
    },
    program: (name) => join(release, name),
    close() {
      for (const server of [tcp, unix, abstract]) server.close()
      udp.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What starts the children of a platform. */
async function launcherOf(platform: number): Promise<number> {
  const pids = await withDescendants(platform)
  const found = pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('launcher-program.js'))
  if (found === undefined) throw new Error(`Nothing starts children for ${platform}.`)
  return found
}

const groups = process.platform === 'linux' ? findControlGroups() : undefined
/** Whether a group can be kept from computing while anybody else would: since Linux 5.15, and with more than one processor. */
const canBeIdle = groups?.works === true && groups.dividesTime && availableParallelism() > 1 && globSync('/sys/fs/cgroup/{cpu,*,*/*}/cpu.idle').length > 0

/** What a plugin may try, and what becomes of it, for one choice of walls. */
export function certifyBox(walls: WallPolicy, skipped: string | undefined): void {
  describe.skipIf(skipped !== undefined)(`a box with walls "${walls}"${skipped === undefined ? '' : ` (skipped: ${skipped})`}`, () => {
    let ground: Ground
    const open: BoxedChild[] = []

    beforeAll(async () => { ground = await layOut() })
    afterAll(async () => {
      for (const box of open) box.kill()
      await Promise.all(open.map(({ exited }) => exited))
      ground.close()
    })

    async function start(program: string, options: Partial<BoxOptions> = {}): Promise<BoxedChild> {
      const box = await openBox({ name: 'test.plugin 1.0.0', program: ground.program(program), readable: [ground.release], memoryMb: 128, walls, ...options })
      open.push(box)
      return box
    }

    /** A child that is told one misdeed once it is under way. */
    async function misbehave(misdeed: string, options: Partial<BoxOptions> = {}): Promise<BoxedChild> {
      const box = await start('misdeeds.js', options)
      await once(box.channel, 'data')
      box.channel.write(`${misdeed}\n`)
      return box
    }

    /** A platform of its own, that tells a box one misdeed and says its process id. */
    function startPlatform(misdeed: string, stdio: StdioOptions, env: Readonly<Record<string, string>> = {}): ChildProcess {
      return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'killed-platform.ts'), walls, ground.program('misdeeds.js'), ground.release, misdeed], { stdio, env: { ...process.env, ...env } })
    }

    test('[R70] [R71] [R72] [R73] [R74] [R75] [R76] [R77] a plugin reads its own files; it reads no others, writes nothing, reaches nobody, starts nothing, learns and harms nothing', async () => {
      const before = readdirSync(ground.folder, { recursive: true })
      const box = await start('attempts.js')
      box.stderr.resume()
      box.channel.write(`${JSON.stringify(ground.place)}\n`)
      const results = JSON.parse(await text(box.channel)) as Readonly<Record<string, string>>
      const done = Object.entries(results).filter(([, answer]) => answer.startsWith('done')).map(([name, answer]) => (DOES_WORK.includes(name) ? name : `${name} → ${answer}`))
      expect(done).toEqual(DOES_WORK)
      expect(Object.keys(results).length).toBeGreaterThan(80)
      expect(ground.reached).toEqual([])
      expect(readdirSync(ground.folder, { recursive: true })).toEqual(before)
      expect(readFileSync(ground.program('package.json'), 'utf8')).toBe('{"type":"module"}')
      expect(await box.exited).toEqual({ code: 0, signal: null, why: 'ended' })
    })

    test.each(['fill the heap', 'fill buffers', 'fill typed arrays'])('[R78] a plugin that holds more memory than it may is ended, and said to have done so: %s', async (misdeed) => {
      const box = await misbehave(misdeed, { memoryMb: 64 })
      box.stderr.resume()
      expect((await box.exited).why).toBe('memory')
      expect(await box.memory()).toBeUndefined()
    })

    test('[R78] its memory is told in bytes', async () => {
      const box = await misbehave('echo')
      expect(await box.memory()).toBeGreaterThan(4_000_000)
      expect(await box.memory()).toBeLessThan(96 * 1_048_576)
      box.kill()
      await box.exited
    })

    test('[R79] a plugin that never yields is killed; twice is harmless', async () => {
      const box = await misbehave('loop')
      box.kill()
      box.kill()
      expect((await box.exited).why).toBe('killed')
      box.kill()
      expect(isProcessAlive(box.pid)).toBe(false)
    })

    test('[R79] the signal of the options kills too, and one that is aborted already starts nothing', async () => {
      const abort = new AbortController()
      const box = await misbehave('loop', { signal: abort.signal })
      abort.abort()
      expect((await box.exited).why).toBe('killed')
      await expect(start('misdeeds.js', { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
    })

    test('[R80] what it reads is no link to elsewhere, exists, and is no pattern', async () => {
      const release = join(ground.folder, 'strange')
      mkdirSync(join(release, 'deep'), { recursive: true })
      writeFileSync(join(release, 'main.js'), '')
      const strange = (readable: readonly string[]): Promise<BoxedChild> => start('misdeeds.js', { readable })
      symlinkSync('../main.js', join(release, 'deep', 'within'))
      symlinkSync('nowhere', join(release, 'deep', 'nowhere'))
      const box = await strange([release])
      box.kill()
      await box.exited
      symlinkSync(join(ground.folder, 'platform', 'secret.json'), join(release, 'deep', 'out'))
      await expect(strange([release])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED', message: expect.stringContaining('link to something outside') as string })
      await expect(strange([join(ground.folder, 'missing')])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
      await expect(strange(['relative'])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
      mkdirSync(join(ground.folder, 'all*'))
      await expect(strange([join(ground.folder, 'all*')])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
      await expect(strange(['/'])).rejects.toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
      await expect(start('misdeeds.js', { memoryMb: 1 })).rejects.toThrow(RangeError)
    })

    test('[R81] how it ended is told: by itself, by a fault, before it had said anything', async () => {
      const ended = async (misdeed: string): Promise<unknown> => {
        const box = await misbehave(misdeed)
        box.stderr.resume()
        const { code, why } = await box.exited
        return { failed: code !== 0, why }
      }
      expect(await Promise.all(['end', 'abort', 'throw'].map(ended))).toEqual([1, 2, 3].map(() => ({ failed: true, why: 'ended' })))
      writeFileSync(join(ground.release, 'wrong.js'), 'this is no JavaScript')
      const box = await start('wrong.js')
      const said = text(box.stderr)
      expect((await box.exited).why).toBe('failed-to-start')
      expect(await said).toContain('SyntaxError')
    })

    test('[R82] bytes go both ways as they are, and what is written to the output or the errors is handed on', async () => {
      const box = await misbehave('echo')
      const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256))
      const parts: Buffer[] = []
      let length = 0
      const all = new Promise<void>((resolve) => {
        box.channel.on('data', (part: Buffer) => {
          parts.push(part)
          length += part.length
          if (length >= sent.length) resolve()
        })
      })
      box.channel.write(sent)
      await all
      expect(Buffer.concat(parts).equals(sent)).toBe(true)
      box.kill()
      const speaker = await misbehave('speak')
      speaker.channel.on('data', () => undefined).end()
      const said = await new Promise<string>((resolve) => {
        let heard = ''
        speaker.stderr.on('data', (part: Buffer) => {
          heard += part.toString()
          if (heard.includes('to the output\n') && heard.includes('to the errors\n')) resolve(heard)
        })
      })
      expect(said.split('\n').filter((line) => line !== '').sort()).toEqual(['to the errors', 'to the output'])
      speaker.kill()
      await Promise.all([box.exited, speaker.exited])
    })

    test('[R212] who shouts is read slowly, and to the end', async () => {
      const since = performance.now()
      const box = await misbehave('shout')
      const said = text(box.stderr)
      expect((await box.exited).code).toBe(3)
      expect((await said).length).toBe(4 * 1_048_576)
      // Pieces of 64 KiB at most, ten milliseconds each, less what is read at once of each second.
      expect(performance.now() - since).toBeGreaterThan(400)
    })

    test('[R83] few files can be open, and it is nobody in particular: not root, in no group', async () => {
      const box = await misbehave('limits')
      const [answer] = await once(box.channel, 'data') as [Buffer]
      const seen = JSON.parse(answer.toString()) as { readonly files: number; readonly uid: number; readonly groups: readonly number[]; readonly cwd: string; readonly memory: boolean }
      expect(seen.files).toBeLessThan(64)
      expect(seen.cwd).toBe('/')
      expect(seen.memory).toBe(true)
      // A platform that is not root cannot give another user by Node alone.
      const hasOwnUser = box.walls.some(({ id, stands }) => id === 'user' && stands)
      expect(hasOwnUser).toBe(process.getuid?.() === 0 || walls !== 'node')
      expect({ isNobody: seen.uid > 60_000, root: seen.groups.includes(0) }).toEqual({ isNobody: hasOwnUser, root: false })
      box.kill()
      await box.exited
    })

    test('[R76] what the platform was given by whoever started it is not handed on', async () => {
      const secret = openSync(join(ground.folder, 'platform', 'secret.json'), 'r')
      const platform = startPlatform('echo', ['ignore', 'pipe', 'inherit', ...Array.from({ length: 37 }, () => 'ignore' as const), secret])
      closeSync(secret)
      const [pid] = await once(platform.stdout as Readable, 'data') as [Buffer]
      expect(readlinkSync(`/proc/${platform.pid ?? 0}/fd/40`)).toContain('secret.json')
      const held = readdirSync(`/proc/${Number(pid)}/fd`).map((descriptor) => readlinkSync(`/proc/${Number(pid)}/fd/${descriptor}`))
      expect(held.filter((path) => path.startsWith('/') && path !== '/dev/null' && path !== '/')).toEqual([])
      platform.kill('SIGKILL')
    })

    // Where nothing is found on the search path, as setpriv, it is what started it that ends it.
    test.each(walls === 'node' ? [{}, { PATH: '' }] : [{}])('[R84] [R289] it ends with the platform, even one that is killed while it runs a loop, and nothing is left behind (%j)', async (env) => {
      const temporary = mkdtempSync(join(tmpdir(), 'liberacces-t-'))
      const platform = startPlatform('loop', ['ignore', 'pipe', 'inherit'], { ...env, TMPDIR: temporary })
      const [pid] = await once(platform.stdout as Readable, 'data') as [Buffer]
      expect(isProcessAlive(Number(pid))).toBe(true)
      const launcher = await launcherOf(platform.pid ?? 0)
      platform.kill('SIGKILL')
      await expect.poll(() => existsSync(`/proc/${Number(pid)}/cwd`), { timeout: 10_000 }).toBe(false)
      await expect.poll(() => existsSync(`/proc/${launcher}/cwd`), { timeout: 10_000 }).toBe(false)
      expect(readdirSync(temporary).filter((name) => name.startsWith('liberacces-'))).toEqual([])
      rmSync(temporary, { recursive: true })
    })

    test('[R289] where it cannot be reached, for want of a folder for sockets, it is not started, and that is said', async () => {
      vi.stubEnv('TMPDIR', join(ground.folder, 'missing'))
      await expect(start('misdeeds.js')).rejects.toMatchObject({ code: 'BOX_UNAVAILABLE', fix: expect.stringContaining('TMPDIR') as string })
    })

    test('[R289] it is not the platform that starts it; should what starts it end, that costs the children, and the next one is started', async () => {
      const box = await misbehave('loop')
      const launcher = await launcherOf(process.pid)
      expect(await withDescendants(launcher)).toContain(box.pid)
      process.kill(launcher, 'SIGKILL')
      expect(await box.exited).toEqual({ code: null, signal: 'SIGKILL', why: 'ended' })
      await expect.poll(() => existsSync(`/proc/${box.pid}/cwd`), { timeout: 10_000 }).toBe(false)
      const next = await misbehave('echo')
      expect(await withDescendants(await launcherOf(process.pid))).toContain(next.pid)
      next.kill()
      expect((await next.exited).why).toBe('killed')
    })

    test.skipIf(!canBeIdle)(`[R254] one that computes without end is idle in its group, once it has loaded what it runs${canBeIdle ? '' : ' (skipped: no control group for processors here)'}`, async () => {
      const box = await misbehave('loop')
      box.loaded()
      const isIn = (folder: string): boolean => readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').includes(String(box.pid))
      const idle = (): readonly string[] => globSync('/sys/fs/cgroup/**/liberacces-box-*/cpu.idle').filter((file) => isIn(dirname(file))).map((file) => readFileSync(file, 'utf8').trim())
      await expect.poll(idle, { timeout: 20_000 }).toEqual(['1'])
      box.kill()
      expect((await box.exited).why).toBe('killed')
    })

    test('[R289] a signal to all that belongs to the platform leaves what starts its children until the platform has ended', async () => {
      const box = await misbehave('echo')
      const launcher = await launcherOf(process.pid)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(launcher, signal)
      const other = await misbehave('echo')
      expect(await withDescendants(launcher)).toContain(other.pid)
      for (const one of [box, other]) one.kill()
      expect((await Promise.all([box.exited, other.exited])).map(({ why }) => why)).toEqual(['killed', 'killed'])
    })
  })
}
