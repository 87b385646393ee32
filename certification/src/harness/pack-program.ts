// The process in which a folder is packed: started by pack-aside.ts with the folder and a place for what comes of it. The code of the plugin runs here.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PackError } from '../pack/pack-error.ts'
import { packPlugin } from '../pack/pack-plugin.ts'
import { PACK_FILES, type PackAnswer } from './pack-aside.ts'

const [folder = '', place = ''] = process.argv.slice(2)

async function pack(): Promise<PackAnswer> {
  try {
    const { archive } = await packPlugin(folder)
    await writeFile(join(place, PACK_FILES.archive), archive)
    return { kind: 'packed' }
  } catch (error) {
    if (error instanceof PackError) return { kind: 'problems', problems: error.problems }
    return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

await writeFile(join(place, PACK_FILES.answer), JSON.stringify(await pack()))
// What the plugin left running must not keep the harness.
process.exit(0)
