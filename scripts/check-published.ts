// Goes the road of a third party with the packages as they would be published: packs the creator and what it names, installs them outside of the
// workspace, makes a plugin of each template by `npm create`, and has each compile, pass its tests (one of them) and pack. Needs `pnpm build` first.
// Other packages come from the registry of packages; where it cannot be reached, this is skipped and says so.

import { execFile, type ExecFileException } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { servePackages } from './package-registry.ts'
import { pnpm } from './pnpm.ts'
import { report, root } from './workspace.ts'

const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL/
/** Its tests run too; the others have theirs run from the sources by the tests of the harness. */
const WHOLE = 'basic'
const LONGEST_MS = 180_000

/** An author's surroundings: nothing of the workspace, and nothing that pnpm says to the scripts it runs. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_(?!config_registry)|pnpm_|INIT_CWD$|NODE_PATH$|PNPM_)/i.test(name)))
env['PATH'] = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(root) && !folder.includes('node_modules')).join(delimiter)
env['LC_ALL'] = 'en_GB.UTF-8'

const [command, ...start] = pnpm
/** @throws Error with all that the command said */
async function run(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { cwd, env, encoding: 'utf8', timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  } catch (cause) {
    const { stdout, stderr } = cause as ExecFileException & { readonly stdout: string; readonly stderr: string }
    throw new Error(`${program} ${args.join(' ')} in ${cwd}:\n${stdout}${stderr}`, { cause })
  }
}

const folder = mkdtempSync(join(tmpdir(), 'liberacces-published-'))
const tarballs = join(folder, 'tarballs')
const outside = mkdtempSync(join(tmpdir(), 'liberacces-author-'))
try {
  for (const name of ['sdk', 'core', 'certification', 'templates/create']) {
    await promisify(execFile)(command, [...start, 'pack', '--pack-destination', tarballs], { cwd: join(root, name) })
  }
  const creator = readdirSync(tarballs).find((file) => file.startsWith('create-')) ?? ''
  const registry = await servePackages(tarballs)
  try {
    await goTheRoad(join(tarballs, creator), registry.url)
  } finally {
    await registry.close()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(outside, { recursive: true, force: true })
}

async function goTheRoad(creator: string, registry: string): Promise<void> {
  const problems: string[] = []
  try {
    writeFileSync(join(outside, 'package.json'), '{ "name": "author", "private": true }')
    await run(outside, 'npm', 'install', '--offline', '--no-audit', '--no-fund', creator)
    const templates = readdirSync(join(outside, 'node_modules/create-liberacces-plugin/templates'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    for (const template of templates) await run(outside, 'npm', 'create', '--offline', 'liberacces-plugin', `zz-${template}`, '--', '--template', template, '--id', `fr.zz-vendor.${template}`, '--title', `Été : l'essai « ${template} » / n° 1 !`)
    const whole = join(outside, `zz-${WHOLE}`)
    writeFileSync(join(whole, '.npmrc'), `@liberacces:registry=${registry}\n`)
    try {
      await run(whole, command, ...start, 'install', '--prefer-offline', '--ignore-workspace')
    } catch (error) {
      if (!UNREACHABLE.test(String(error))) throw error
      console.log(`published: SKIPPED, the registry of packages cannot be reached:\n${String(error)}`)
      return
    }
    const needs = (of: string): string => JSON.stringify((({ dependencies, devDependencies }) => ({ dependencies, devDependencies }))(JSON.parse(readFileSync(join(outside, of, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>))
    for (const name of templates.map((template) => `zz-${template}`)) {
      if (needs(name) !== needs(`zz-${WHOLE}`)) problems.push(`${name} needs other packages than zz-${WHOLE}: install them here too`)
      if (name !== `zz-${WHOLE}`) symlinkSync(join(whole, 'node_modules'), join(outside, name, 'node_modules'))
      // What runs is Node.js as the plugin brings it along, whichever this machine has.
      env['PATH'] = [join(whole, 'node_modules/.bin'), env['PATH']].join(delimiter)
      await run(join(outside, name), 'tsc', '-p', 'tsconfig.json')
      if (name === `zz-${WHOLE}`) await run(whole, 'vitest', 'run')
      await run(join(outside, name), 'liberacces-certify', 'pack', '.')
      if (!readdirSync(join(outside, name, 'dist')).some((file) => file.endsWith('-0.1.0.tgz'))) problems.push(`${name} was packed to nothing`)
    }
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  report('published', problems, 'npm create, install, compile, test and pack work with the packed packages alone')
}
