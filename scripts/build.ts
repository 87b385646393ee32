// Builds packages into their `dist/` folder: ESM and declarations, with tsup (see tsup.config.ts).
//
//   pnpm build                      sdk, core, certification and every plugin
//   pnpm build sdk plugins/news     only these
//
// A package is built when its package.json has a `publishConfig`.

import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleHost } from '../core/src/process/bundle-host.ts'
import { packageFolders, read, report, root } from './workspace.ts'

type Exports = Readonly<Record<string, string | { readonly default: string }>>
interface Manifest { readonly exports: Exports; readonly publishConfig?: { readonly exports: Exports } }

const asked = process.argv.slice(2)
const buildable = packageFolders().filter((folder) => (JSON.parse(read(`${folder}/package.json`)) as Manifest).publishConfig !== undefined)
const order = ['sdk', 'core', 'certification', ...buildable.filter((folder) => folder.includes('/'))]
  .filter((folder) => buildable.includes(folder) && (asked.length === 0 || asked.includes(folder)))

// What the repository finds under src/ must be what the packed package offers under dist/.
const drifted = order.flatMap((folder) => {
  const { exports, publishConfig } = JSON.parse(read(`${folder}/package.json`)) as Manifest
  const places = (of: Exports = {}): string => Object.entries(of)
    .map(([entry, to]) => `${entry} ${(typeof to === 'string' ? to : to.default).replace(/^\.\/(src|dist)\//, '').replace(/\.(tsx?|js)$/, '')}`).toSorted().join('\n')
  return places(exports) === places(publishConfig?.exports) ? [] : [`${folder}/package.json: publishConfig.exports does not match exports`]
})

const unknown = asked.filter((folder) => !buildable.includes(folder)).map((folder) => `${folder}: no package that can be built`)
const failed: string[] = []
for (const folder of order.filter((one) => existsSync(join(root, one, 'src')))) {
  console.log(`building ${folder}`)
  const { status } = spawnSync('tsup', ['--config', join(root, 'tsup.config.ts'), '--silent'], { cwd: join(root, folder), stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) failed.push(`${folder}: does not build`)
  // The program for processes of plugins stands alone: nothing else is read there.
  else if (folder === 'core') writeFileSync(join(root, 'core/dist/process/host/host.mjs'), await bundleHost(join(root, 'core/src/process/host/main.ts')))
}

report('build', [...unknown, ...drifted, ...failed], order.join(', '))
