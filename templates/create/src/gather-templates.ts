// Before the package is packed: copies the templates of the repository into it, and notes which versions a plugin made from them asks for.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { versionsIn } from './dependencies.ts'
import { sourcesOf, templatesIn } from './templates.ts'

const own = join(import.meta.dirname, '..')
const target = join(own, 'templates')
await rm(target, { recursive: true, force: true })
for (const { name, folder } of await templatesIn(join(own, '..'))) {
  for (const path of [...await sourcesOf(folder), 'template.json']) {
    await mkdir(dirname(join(target, name, path)), { recursive: true })
    await cp(join(folder, path), join(target, name, path))
  }
}
await writeFile(join(target, 'versions.json'), `${JSON.stringify(await versionsIn(join(own, '../..')), null, 2)}\n`)
