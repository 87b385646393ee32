import { existsSync, globSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findControlGroups } from '../../../src/process/box/control-group.ts'
import { lookAround } from '../../../src/process/box/standing-walls.ts'
import { userWall } from '../../../src/process/box/unprivileged-user.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'liberacces-walls-'))
  onTestFinished(async () => { await rm(path, { recursive: true, force: true }) })
  return path
}

const isLinux = process.platform === 'linux'

/** A program called bwrap that starts what it is given without any wall, and says what a machine that offers less would say. */
async function bubblewrapThat(does: string, help = '--seccomp FD --disable-userns'): Promise<{ readonly PATH: string }> {
  const path = await folder()
  await writeFile(join(path, 'bwrap'), `#!/bin/sh
[ "$1" = --help ] && { echo "${help}"; exit 0; }
${does}
for word; do before=$last; last=$word; done
exec "$before" "$last"
`)
  await chmod(join(path, 'bwrap'), 0o755)
  return { PATH: path }
}

const wall = async (env: { readonly PATH: string }, id: string) => (await lookAround('best', env)).walls.find((one) => one.id === id)

test.runIf(isLinux)('[R266] where bubblewrap starts and its filter does not, the sandbox stands, and says why the filter does not and what to do', async () => {
  const refused = await wall(await bubblewrapThat('case "$*" in *--seccomp*) echo "bwrap: prctl(PR_SET_SECCOMP): Invalid argument" >&2; exit 1;; esac'), 'sandbox')
  expect(refused).toMatchObject({ stands: true, what: expect.stringContaining('no filter of system calls (seccomp): bubblewrap does not start with it (bwrap: prctl(PR_SET_SECCOMP): Invalid argument)') as string, fix: expect.stringContaining('CONFIG_SECCOMP_FILTER') as string })
  const old = await wall(await bubblewrapThat('case "$*" in *--seccomp*) echo "bwrap: Unknown option --seccomp" >&2; exit 1;; esac', '--unshare-all'), 'sandbox')
  expect(old).toMatchObject({ stands: true, what: expect.stringContaining('this bubblewrap knows no filters') as string, fix: 'Install bubblewrap 0.3 or later.' })
  const whole = await wall(await bubblewrapThat(''), 'sandbox')
  expect(whole).toMatchObject({ stands: true, what: expect.stringContaining('are refused (seccomp)') as string })
  expect(whole?.fix).toBeUndefined()
})

test.runIf(isLinux)('[R266] where bubblewrap does not start, the sandbox does not stand, and says in its words why', async () => {
  expect(await wall(await bubblewrapThat('echo "bwrap: No permissions to create new namespace" >&2; exit 1'), 'sandbox')).toMatchObject({
    stands: false, what: 'bubblewrap is installed and may not do its work here (bwrap: No permissions to create new namespace)', fix: expect.stringContaining('kernel.unprivileged_userns_clone') as string,
  })
  expect(await wall({ PATH: '' }, 'limits')).toMatchObject({ stands: true, what: expect.stringContaining('there is no setpriv') as string, fix: expect.stringContaining('util-linux') as string })
})

test('[R266] whoever may make no control groups learns why: none of the machine, none delegated, none below the root', async () => {
  const root = await folder()
  const why = (own: string | undefined) => {
    const found = findControlGroups(root, own)
    return found.works ? 'works' : found.why
  }
  expect(why('3:cpu:/\n')).toBe('the kernel of the machine has no control groups for memory')
  expect(why('0::/\n')).toContain('runs in the root of its control groups')
  expect(why('0::/system.slice/liberacces.service/platform\n')).toMatch(/^limits of memory are not delegated to the platform: .*system\.slice\/liberacces\.service\/cgroup\.subtree_control does not name them, and may not be made to \(ENOENT\)$/)
  const found = findControlGroups(root, '0::/\n')
  expect(found.works ? '' : found.fix).toContain('Delegate=cpu memory pids')
})

test('[R266] groups of version 2 are made beside that of the platform, with the limits of a box', async () => {
  const root = await folder()
  const parent = join(root, 'system.slice', 'liberacces.service')
  await mkdir(parent, { recursive: true })
  await writeFile(join(parent, 'cgroup.subtree_control'), 'cpu memory pids\n')
  const found = findControlGroups(root, '0::/system.slice/liberacces.service/platform\n')
  if (!found.works) throw new Error(found.why)
  // A plain folder keeps the files that were written: the one of the trial among them.
  const before = await readdir(parent)
  const group = found.make(96)
  await group.add(4711)
  const [made = ''] = (await readdir(parent)).filter((name) => !before.includes(name))
  expect(made).toMatch(/^liberacces-box-\d+-\d+$/)
  const read = (file: string) => readFile(join(parent, made, file), 'utf8')
  expect([await read('memory.max'), await read('cgroup.procs'), group.pids(), group.ranOut()]).toEqual([String(96 * 1_048_576), '4711', [4711], false])
  group.giveWay?.(12)
  expect(await read('cpu.weight.nice')).toBe('12')
  await writeFile(join(parent, made, 'memory.events'), 'low 0\noom 1\noom_kill 1\n')
  expect(group.ranOut()).toBe(true)
})

test.runIf(process.getuid?.() === 0)('[R266] a child that must be root like the platform names what keeps it from being another user', () => {
  expect(userWall(false, { unreadable: '/root/plugin' })).toMatchObject({ stands: false, what: expect.stringContaining('another user may not read /root/plugin') as string, fix: expect.stringContaining('let everybody read /root/plugin') as string })
})

test('[R254] where the time of processors is not delegated, groups limit memory alone', async () => {
  const root = await folder()
  const parent = join(root, 'liberacces.service')
  await mkdir(parent, { recursive: true })
  // A plain folder switches nothing on, as a group does not to which processors were not delegated.
  await writeFile(join(parent, 'cgroup.subtree_control'), 'memory pids\n')
  const found = findControlGroups(root, '0::/liberacces.service/platform\n')
  if (!found.works) throw new Error(found.why)
  expect([found.dividesTime, found.make(64).giveWay]).toEqual([false, undefined])
})

test('[R254] [R266] of version 1 a group for processors that may not be used takes nothing from those for memory', async () => {
  const root = await folder()
  for (const name of ['memory', 'pids']) await mkdir(join(root, name))
  await writeFile(join(root, 'memory', 'memory.limit_in_bytes'), '')
  const own = '3:cpu:/\n2:pids:/\n1:memory:/\n'
  // What is one with them is there already.
  await symlink('memory', join(root, 'cpu'))
  expect(findControlGroups(root, own)).toMatchObject({ works: true, dividesTime: false })
  await rm(join(root, 'cpu'))
  // Nothing can be made in what is no folder.
  await writeFile(join(root, 'cpu'), '')
  const without = findControlGroups(root, own)
  expect(without).toMatchObject({ works: true, dividesTime: false })
  expect(without.works ? without.make(64).giveWay : '').toBeUndefined()
  await rm(join(root, 'cpu'))
  await mkdir(join(root, 'cpu'))
  const found = findControlGroups(root, own)
  expect(found).toMatchObject({ works: true, dividesTime: true })
  if (!found.works) return
  const before = await readdir(join(root, 'cpu'))
  const group = found.make(64)
  group.giveWay?.(12)
  const [made = ''] = (await readdir(join(root, 'cpu'))).filter((name) => !before.includes(name))
  expect(await readFile(join(root, 'cpu', made, 'cpu.shares'), 'utf8')).toBe('70')
  // One that may not be joined is none.
  await mkdir(join(root, 'cpu', made, 'cgroup.procs'))
  await group.add(4711)
  expect([group.pids(), group.giveWay]).toEqual([[4711], undefined])
})

const real = isLinux ? findControlGroups() : undefined

// `cpu.idle` is there since Linux 5.15.
test.skipIf(real?.works !== true || !real.dividesTime || globSync('/sys/fs/cgroup/{cpu,*,*/*}/cpu.idle').length === 0)('[R254] a group of this machine weighs less the more it gives way, computes only where nobody else would at last, and comes back', () => {
  if (real?.works !== true) return
  const weights = (): readonly string[] => globSync(`/sys/fs/cgroup/**/liberacces-box-${process.pid}-*/cpu.{shares,weight.nice}`)
  const before = weights()
  const group = real.make(64)
  onTestFinished(() => { group.remove() })
  const [folder = ''] = weights().filter((file) => !before.includes(file)).map((file) => dirname(file))
  const weight = existsSync(join(folder, 'cpu.shares')) ? 'cpu.shares' : 'cpu.weight.nice'
  const told = [0, 12, 19, 12, 0].map((niceness) => {
    group.giveWay?.(niceness)
    return [readFileSync(join(folder, 'cpu.idle'), 'utf8').trim(), readFileSync(join(folder, weight), 'utf8').trim()]
  })
  const [full, less] = weight === 'cpu.shares' ? ['1024', '70'] : ['0', '12']
  // What one that is idle weighs is for the machine to say.
  expect(told).toEqual([['0', full], ['0', less], [availableParallelism() > 1 ? '1' : '0', expect.any(String)], ['0', less], ['0', full]])
})
