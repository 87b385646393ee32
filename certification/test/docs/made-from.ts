import { execFile } from 'node:child_process'
import { access, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The templates of plugins. */
export async function templateNames(): Promise<readonly string[]> {
  const folders = await readdir(join(ROOT, 'templates'))
  const isTemplate = await Promise.all(folders.map((name) => access(join(ROOT, 'templates', name, 'template.json')).then(() => true, () => false)))
  return folders.filter((_, index) => isTemplate[index]).sort()
}

/** Has the creator make a plugin of a template, as its author would. @returns its folder, with packages as an installation would link them */
export async function madeFrom(template: string, folder: string): Promise<string> {
  const made = join(folder, template)
  await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'templates/create/src/main.ts'), `zz-${template}`, '--template', template, '--id', `fr.zz-vendor.${template}`, '--dir', made], { cwd: ROOT })
  await symlink(join(ROOT, 'templates/basic/node_modules'), join(made, 'node_modules'))
  return made
}
