// Builds packages into their `dist/` folder: ESM and declarations, with tsup (see tsup.config.ts).
//
//   pnpm build                      sdk, core, certification and every plugin
//   pnpm build sdk plugins/news     only these

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolders, read, report, root } from './workspace.ts'

interface Manifest { readonly publishConfig?: object }

const asked = process.argv.slice(2)
const buildable = packageFolders().filter((folder) => (JSON.parse(read(`${folder}/package.json`)) as Manifest).publishConfig !== undefined)
const order = ['sdk', 'core', 'certification', ...buildable.filter((folder) => folder.includes('/'))]
  .filter((folder) => buildable.includes(folder) && (asked.length === 0 || asked.includes(folder)))

const unknown = asked.filter((folder) => !buildable.includes(folder)).map((folder) => `${folder}: no package that can be built`)
const failed = order.filter((folder) => existsSync(join(root, folder, 'src'))).filter((folder) => {
  console.log(`building ${folder}`)
  const { status } = spawnSync('tsup', ['--config', join(root, 'tsup.config.ts'), '--silent'], { cwd: join(root, folder), stdio: ['ignore', 'inherit', 'inherit'] })
  return status !== 0
}).map((folder) => `${folder}: does not build`)

report('build', [...unknown, ...failed], order.join(', '))
