// Checks the packages as their users will get them: packs the SDK, the core and the certification harness, and lets
// publint and "are the types wrong" look at the tarballs. Needs `pnpm build` first.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pnpm } from './pnpm.ts'
import { report, root } from './workspace.ts'

const folder = mkdtempSync(join(tmpdir(), 'liberacces-pack-'))
try {
  const [command, ...start] = pnpm
  const problems = ['sdk', 'core', 'certification'].flatMap((name) => {
    const target = join(folder, name)
    execFileSync(command, [...start, 'pack', '--pack-destination', target], { cwd: join(root, name), stdio: ['ignore', 'ignore', 'inherit'] })
    const tarball = join(target, readdirSync(target)[0] ?? '')
    const checks = [['publint', 'run', tarball, '--strict'], ['attw', tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', '--exclude-entrypoints', 'ui.css']] as const
    return checks.flatMap(([tool, ...args]) => {
      const { status, stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8' })
      return status === 0 ? [] : [`${stdout}${stderr}`, `${name}: ${tool} refuses the packed tarball`]
    })
  })
  report('packages', problems, 'the packed sdk, core and certification are sound')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
