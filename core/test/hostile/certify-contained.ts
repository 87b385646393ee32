// Longer than others: one table of evils, and what must come of each.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from './ask.ts'
import { attemptsOf, blameOf, provoke, succeeded, expectUnnoticed } from './contained.ts'
import type { Known } from './evil-plugin.ts'
import { WRONG_ANSWERS } from './evils/breaks-its-schema.ts'
import { isMeasured } from './neighbours/measured.ts'
import { readArchive } from '../../src/catalogue/archive/read-archive.ts'
import { rawArchive, type RawEntry } from '../catalogue/archive-kit.ts'
import { bundlePlugins, packPlugin, pluginsIn, type Packing } from './pack-plugins.ts'
import { startScene, type Scene } from './scene.ts'

/** An evil that costs the call in which it is done, and no other. */
interface Costly {
  readonly evil: string
  /** Which of its ways; each is a plugin of its own, so that each has its own process to lose. */
  readonly way: string
  /** What who asked for it is told: the code of a problem, one of these. */
  readonly codes: readonly string[]
}

/** Most of what an evil takes is waiting: several at a time, unless what each costs is measured. */
const together = isMeasured ? describe : describe.concurrent

const LATE = ['PLUGIN_CALL_TIMEOUT', 'DB_TIMEOUT']
const ENDED = ['UNAVAILABLE', 'PLUGIN_CALL_FAILED']
const costing = (evil: string, ways: readonly string[], codes: readonly string[]): readonly Costly[] => ways.map((way) => ({ evil, way, codes }))

const ENDLESS = [
  ...costing('endless-loop', ['loop', 'microtasks', 'pattern'], [...LATE, ...ENDED]),
  ...costing('slow-answers', ['never', 'half', 'late', 'byte by byte'], [...LATE, ...ENDED]),
  ...costing('hoards-transactions', ['one', 'many'], LATE),
]
const ENDING = [
  ...costing('exit', ['success', 'failure', 'really', 'abort', 'throw', 'reject'], ENDED),
  ...costing('memory-bomb', ['objects', 'buffers'], ENDED),
]
const LOUD = [
  ...costing('huge-message', ['half', 'largest'], ENDED),
  // On a slow machine they cannot come faster than is taken; then its time is up.
  ...costing('flood', ['frames', 'shared frames', 'raw log'], [...ENDED, ...LATE]),
  ...costing('malformed-message', ['noise', 'no JSON', 'of an unknown kind', 'a million levels deep'], ENDED),
]

/**
 * The corpus of hostile plugins against a live kernel whose neighbours must not notice.
 * @param env - which walls the operator has chosen
 * @param why - these walls cannot stand here
 */
export function certifyContained(walls: string, env: Readonly<Record<string, string>>, why?: string): void {
  describe.skipIf(why !== undefined)(`contained by ${walls}${why === undefined ? '' : ` (${why})`}`, () => {
    let scene: Scene
    let codes: ReadonlyMap<string, string>
    let number = 0

    beforeAll(async () => {
      codes = await bundlePlugins(pluginsIn('evils'))
      scene = await startScene(env)
    })
    afterAll(() => scene[Symbol.asyncDispose]())

    /** Installs an evil as a plugin of its own and switches it on. @returns its path, which is its name */
    const letLoose = async (evil: string, packing: Packing = {}): Promise<{ readonly path: string; readonly id: string }> => {
      number += 1
      const variant = packing.variant ?? `-${number}`
      const id = await scene.install(codes.get(evil) ?? '', { ...packing, variant })
      await scene.enable(id)
      return { path: `${evil}${variant}`, id }
    }
    /** What is tried from inside, all of which must be refused. @returns what was not */
    const tries = async (evil: string, known: Partial<Known> = {}): Promise<{ readonly done: Readonly<Record<string, string>>; readonly blame: readonly string[]; readonly path: string; readonly id: string }> => {
      const { path, id } = await letLoose(evil)
      const since = scene.log.length
      const answer = await expectUnnoticed(scene, () => provoke(scene, path, known))
      const attempts = attemptsOf(answer)
      expect(attempts.length).toBeGreaterThan(0)
      return { done: succeeded(attempts), blame: blameOf(scene, id, since), path, id }
    }
    const well = async (path: string): Promise<unknown> => JSON.parse((await scene.ask(`/apps/${path}/well`)).text) as unknown
    /** Waits until a plugin serves again. */
    const expectRecovered = async (path: string, meanwhile: readonly number[] = [503, 504], seen: Answer[] = []): Promise<void> => {
      // What ended itself again and again is kept from running.
      if (isMeasured) return
      for (;;) {
        const answer = await scene.ask(`/apps/${path}/well`)
        const { status, text } = answer
        if (status === 200) return expect(JSON.parse(text)).toEqual({ well: scene.places[0].slug })
        // Until it is noticed that its process hangs, calls into it are late.
        expect(meanwhile, text).toContain(status)
        seen.push(answer)
      }
    }
    const expectCost = async ({ evil, way, codes: expected }: Costly): Promise<void> => {
      const { path, id } = await letLoose(evil)
      expect(await well(path)).toEqual({ well: scene.places[0].slug })
      const since = scene.log.length
      const answer = await expectUnnoticed(scene, () => provoke(scene, path, { way }))
      expect(expected, answer.text).toContain(answer.code)
      expect(blameOf(scene, id, since)).not.toEqual([])
      // Of what ended its process, or of the call that failed: the plugin's page at the operators' says so.
      await expect.poll(() => scene.operatorsPage(id), { timeout: 15_000 }).toMatch(/Arrêts brutaux|En pause|(?<!auc)un échec|[1-9]\d* échecs/)
      await expectRecovered(path)
    }

    together('what never ends', () => {
      test.each(ENDLESS)('[R90] $evil ($way) costs its own call, which ends in time; then the plugin serves again', (costly) => expectCost(costly))
    })

    together('what ends itself', () => {
      test.each(ENDING)('[R91] $evil ($way) costs the calls that its process was in; then the plugin serves again', (costly) => expectCost(costly))
    })

    together('what says too much, or what is no message', () => {
      test.each(LOUD)('[R92] $evil ($way) ends its process, and is said by name', (costly) => expectCost(costly))

      test.each(['log', 'large log', 'stderr', 'stderr without lines', 'questions'])('[R92] flood (%s) is bounded', async (way) => {
        const { path, id } = await letLoose('flood')
        const since = scene.log.length
        await expectUnnoticed(scene, () => provoke(scene, path, { way }))
        await expectRecovered(path)
        expect(scene.log.slice(since).filter(({ plugin }) => plugin === id).length).toBeLessThan(20_000)
        // What it says of itself is read slowly.
        while (blameOf(scene, id, since).length === 0) await scene.neighbourhood.answers(1)
      })

      test.each([['of 40 MB', 'answer'], ['of 300,000 objects', 'parts']])('[R92] [R255] an answer %s is told as the plugin’s failure, and its process goes on', async (_, way) => {
        const { path, id } = await letLoose('huge-message')
        const since = scene.log.length
        const { status, code } = await expectUnnoticed(scene, () => provoke(scene, path, { way }))
        expect([status, code]).toEqual([502, 'PLUGIN_ANSWER_INVALID'])
        expect(blameOf(scene, id, since).some((line) => line.includes('is more than'))).toBe(true)
        await expectRecovered(path)
      })
    })

    together('what works badly', () => {
      test.each(['loop', 'flood', 'pauses without end', 'pieces without end'])('[R251] a worker that is up to no good (%s) costs its process, is said by name, and the plugin serves again', async (way) => {
        const { path, id } = await letLoose('works')
        const since = scene.log.length
        await expectUnnoticed(scene, async () => {
          await provoke(scene, path, { way })
          // Where nobody asks it anything, that it hangs is noticed by and by; who asks has it noticed when his time is up.
          while (blameOf(scene, id, since).every((line) => !line.includes('a plugin crashed'))) await scene.ask(`/apps/${path}/well`)
        })
        await expectRecovered(path)
      })

      test('[R251] a worker that ignores that it shall end is given up after some seconds, and its plugin can be switched on again', async () => {
        const { path, id } = await letLoose('works')
        await provoke(scene, path, { way: 'ignores its end' })
        while (!attemptsOf(await provoke(scene, path, { way: 'look' })).some(({ got }) => got.startsWith('done: working works'))) await scene.neighbourhood.answers(1)
        await expectUnnoticed(scene, () => scene.disable(id))
        expect((await scene.ask(`/apps/${path}/well`)).status).toBe(404)
        await scene.enable(id)
        await expectRecovered(path)
      })
    })

    describe('what reaches out of its box', () => {
      test('[R93] no file is read, of the machine, the kernel or another plugin', async () => {
        const { done, blame } = await tries('reads-files')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test('[R93] nothing around it tells of the platform: no environment, no argument, no stack trace, no other process', async () => {
        const { path } = await letLoose('reads-surroundings')
        const answer = await expectUnnoticed(scene, () => provoke(scene, path))
        // It looked, everywhere: nothing is found by who does not answer either.
        expect(attemptsOf(answer).map(({ what }) => what)).toEqual(expect.arrayContaining(['environment', 'arguments', 'stack', 'call sites', 'call sites of Node', 'stack of a refusal', 'report', 'own environment', 'own descriptors', 'descriptor 33', ...(scene.known.pids ?? []).map((pid) => `environ of ${pid}`)]))
        for (const trace of ['OPERATOR_SECRET', 'LIBERACCES_', 'PATH=']) expect(answer.text).not.toContain(trace)
        expect(attemptsOf(answer).filter(({ got }) => [process.cwd(), process.execPath].some((place) => got.includes(place)))).toEqual([])
        const seen = (what: string): string => attemptsOf(answer).find((each) => each.what === what)?.got ?? ''
        expect(seen('arguments')).toBe('[[],[],"","plugin"]')
        // Of itself it sees what it did.
        for (const what of ['stack', 'call sites', 'stack of a refusal']) expect(seen(what)).toContain('plugin.cjs')
      })

      test('[R93] no file is written', async () => {
        const { done, blame } = await tries('writes-files')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test('[R94] nobody is reached over a network, and no name is looked up', async () => {
        const { done, blame } = await tries('network')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test('[R94] nor through the kernel, but for the hosts that were agreed to', async () => {
        expect((await tries('speaks-through-kernel')).done).toEqual({})
      })

      test('[R95] no process and no thread is started', async () => {
        const { done, blame } = await tries('fork-bomb')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test('[R95] no native code is loaded, and no signal reaches another process', async () => {
        expect((await tries('native')).done).toEqual({})
      })

      test('[R96] code from text can do no more than the plugin itself', async () => {
        const { path } = await letLoose('code-from-strings')
        const answer = await expectUnnoticed(scene, () => provoke(scene, path))
        expect(attemptsOf(answer).map(({ what }) => what)).toEqual(expect.arrayContaining(['eval', 'Function', 'vm', 'vm, a script', 'a data URL', 'WebAssembly']))
        expect(answer.text).not.toContain('root:')
      })
    })

    describe('what reaches for the data of others', () => {
      test('[R97] statements stay within its own tables', async () => {
        const { done, blame } = await tries('sql')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test('[R97] names of files lead nowhere, and ids of others to nothing', async () => {
        const { done } = await tries('file-names')
        expect(Object.entries(done).filter(([what, got]) => !what.startsWith('put ') || /\.\.\/|\/tmp|\0|\r|\n/.test(got))).toEqual([])
        expect(await expectUnnoticed(scene, () => scene.platform.files.open({ tenantId: scene.places[0].id, pluginId: 'fr.good.inline' }, scene.known.fileId ?? ''))).toBeDefined()
      })

      test('[R152] a file that is asked for hundreds of times at once is held by the platform as often as it has room for', async () => {
        const { path } = await letLoose('hoards-files')
        const before = process.memoryUsage().arrayBuffers
        let most = 0
        // Each look takes milliseconds while files are read: where times are measured nobody looks.
        const watch = isMeasured ? undefined : setInterval(() => { most = Math.max(most, process.memoryUsage().arrayBuffers - before) }, 2)
        const [{ got } = { got: '' }] = attemptsOf(await expectUnnoticed(scene, () => provoke(scene, path)).finally(() => { clearInterval(watch) }))
        expect(got).toMatch(/^3\d\d FILE_TOO_LARGE$/)
        expect(most).toBeLessThan(400 * 1_048_576)
        await expectRecovered(path)
      })

      test('[R98] scopes, services and events that were not declared are refused, and so is data that breaks its contract', async () => {
        const { done, blame } = await tries('undeclared')
        expect(done).toEqual({})
        expect(blame).not.toEqual([])
      })

      test.each(WRONG_ANSWERS)('[R98] an answer that breaks its schema (%s) does not leave', async (route) => {
        const path = 'breaks-its-schema-answers'
        if (!scene.platform.catalogue.manifests.some(({ path: known }) => known === path)) await letLoose('breaks-its-schema', { variant: '-answers' })
        const { status, headers, text } = await expectUnnoticed(scene, () => scene.ask(`/apps/${path}/${route}`))
        expect(status).toBeGreaterThanOrEqual(400)
        expect(headers['set-cookie']).toBeUndefined()
        expect(headers['content-type']).toMatch(/^application\/problem\+json/)
        expect(text).not.toContain('script')
      })

      test.each(['unknown calls', 'all numbers', 'calls that ended', 'twice'])('[R99] [R252] answers and questions for calls of others (%s) change nothing for them', async (way) => {
        const { path, id } = await letLoose('answers-for-others')
        const since = scene.log.length
        await expectUnnoticed(scene, () => provoke(scene, path, { way }))
        // What it forged is still being read, and answers calls of its own: these fail as the plugin's, by its name.
        const meanwhile: Answer[] = []
        await expectRecovered(path, [502, 503, 504], meanwhile)
        const forged = meanwhile.filter(({ status }) => status === 502)
        expect(forged.map(({ code }) => code)).toEqual(forged.map(() => 'PLUGIN_ANSWER_INVALID'))
        expect(blameOf(scene, id, since).filter((line) => line.includes('PLUGIN_ANSWER_INVALID')).length).toBeGreaterThanOrEqual(forged.length)
      })

      test('[R99] what it asks by hand is answered for its own call and tenant, however it names another, and for calls that are over not at all', async () => {
        const { path } = await letLoose('asks-for-another')
        const [first, second] = scene.places
        for (const [place, mark] of [[first, 'mark-of-une'], [second, 'mark-of-deux']] as const) expect(attemptsOf(await provoke(scene, path, { way: mark }, place))).toMatchObject([{ what: 'planted' }])
        const made = attemptsOf(await expectUnnoticed(scene, () => provoke(scene, path, { way: 'ask', tenantId: second.id }, first)))
        // It asks as the program around it would: what is its own it gets.
        expect(made[0]).toEqual({ what: 'as it may', got: expect.stringContaining('mark-of-une') as string })
        expect(made.filter(({ got }) => got.includes('mark-of-deux'))).toEqual([])
        const over = made.filter(({ what }) => what.includes('over')).map(({ got }) => (JSON.parse(got) as { readonly kind: string }).kind)
        expect([over.length >= 2, new Set(over)]).toEqual([true, new Set(['refusal'])])
        // A question has no such word: what says it is no question.
        expect((await expectUnnoticed(scene, () => provoke(scene, path, { way: 'name', tenantId: second.id }, first))).code).toBe('UNAVAILABLE')
        await expectRecovered(path)
      })

      test('[R99] a context does nothing after its call, not even for the same plugin', async () => {
        const { path } = await letLoose('after-hours')
        const [first, second] = scene.places
        expect(succeeded(attemptsOf(await provoke(scene, path, { way: 'keep' }, first)))).toEqual({ keep: 'done: une' })
        const used = await expectUnnoticed(scene, () => provoke(scene, path, { way: 'use' }, second))
        expect(succeeded(attemptsOf(used))).toEqual({})
      })

      test('[R99] a host program that its plugin has rebuilt lies for itself alone', async () => {
        const { path } = await letLoose('polluted-realm')
        await expectUnnoticed(scene, () => provoke(scene, path))
        await expectUnnoticed(scene, () => scene.ask(`/apps/${path}/well`))
      })

      test('[R99] keys that would be prototypes become none', async () => {
        const { path } = await letLoose('pollution')
        await expectUnnoticed(scene, () => provoke(scene, path))
        await expectRecovered(path)
      })
    })

    describe('what comes to a browser', () => {
      test('[R100] a page and a tile lose their scripts, remote addresses and forms, and keep the rest', async () => {
        const { path } = await letLoose('script-in-html')
        const { status, text } = await expectUnnoticed(scene, () => scene.ask(`/apps/${path}/page`))
        expect(status).toBe(200)
        expect(text).toContain('harmless')
        expect(text.match(/evil-mark-[a-z-]+/g) ?? []).toEqual([])
        // The shell of the page is whole: what came from the plugin closed nothing but its own.
        expect(text.match(/<\/body>/g)).toHaveLength(1)
      })
    })

    together('what is not what it says', () => {
      test.each(['loops-at-import', 'loops-in-setup', 'exits-at-import'])('[R101] %s is not installed, and costs nobody anything', async (evil) => {
        const refused = await expectUnnoticed(scene, () => scene.install(codes.get(evil) ?? '').then(() => 'installed', (error: unknown) => error))
        expect(refused).toMatchObject({ code: 'PLUGIN_LOAD_FAILED' })
      })

      test('[R150] a plugin that asks to run in the platform’s process is looked at, installed and run in one of its own', async () => {
        const { path } = await letLoose('asks-for-inline')
        const [{ got } = { got: '' }] = attemptsOf(await expectUnnoticed(scene, () => provoke(scene, path)))
        expect([Number(got) === process.pid, 'evilRanHere' in globalThis]).toEqual([false, false])
        await expectRecovered(path)
      })

      test('[R101] a plugin.json that says less than the code does is found out before anything is installed', async () => {
        await expect(scene.install(codes.get('lies-about-itself') ?? '')).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
      })

      test.each<[string, readonly RawEntry[]]>([
        ['a symbolic link', [{ path: 'package/link', type: 'SymbolicLink', linkpath: '/etc/passwd' }]],
        ['a hard link', [{ path: 'package/link', type: 'Link', linkpath: 'package/../../secret' }]],
        ['a way out', [{ path: 'package/../../evil-18', content: 'evil' }]],
        ['a fixed place', [{ path: '/tmp/evil-14', content: 'evil' }]],
        ['a device', [{ path: 'package/device', type: 'CharacterDevice' }]],
        ['native code', [{ path: 'package/addon.node', content: '\u007fELF' }]],
      ])('[R101] an archive with %s is not installed, and nothing of it is left', async (_, entries) => {
        const sound = await packPlugin(codes.get('exit') ?? '', { variant: '-archive' })
        const whole = rawArchive([...entries, ...[...(await readArchive(sound)).files].map(([path, content]) => ({ path: `package/${path}`, content }))])
        const refused = await expectUnnoticed(scene, () => scene.installArchive(whole).then(() => 'installed', (error: unknown) => error))
        expect(refused).toMatchObject({ code: 'ARCHIVE_INVALID' })
      })

      test('[R101] a plugin that is another one when it is started again does not serve', async () => {
        // Until it is looked at and switched on before it shows its face; a slow machine takes longer.
        for (let patience = 2_000; ; patience *= 2) {
          const at = Date.now() + patience
          const { path, id } = await letLoose('other-face', { constants: { SHOWS_ITS_FACE_AT: String(at) } })
          if (Date.now() >= at) continue
          expect((await scene.ask(`/apps/${path}/face`)).status).toBe(401)
          while (Date.now() <= at) await scene.neighbourhood.answers(1)
          const since = scene.log.length
          await expectUnnoticed(scene, () => provoke(scene, path, { way: 'exit' }))
          while (blameOf(scene, id, since).every((line) => !line.includes('something else than before'))) await scene.neighbourhood.answers(1)
          expect((await scene.ask(`/apps/${path}/face`)).status).not.toBe(200)
          return
        }
      })
    })
  })
}
