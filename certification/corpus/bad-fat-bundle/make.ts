import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export default async function make(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'))
  // Numbers that no compression makes small, the same at each run.
  let state = 1
  const numbers = Array.from({ length: 60_000 }, () => { state = (state * 48_271) % 2_147_483_647; return state })
  await writeFile(join(folder, 'assets/chart.js'), `export const POINTS = [${numbers.join()}]\n`)
}
