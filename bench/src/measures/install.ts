import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Measure } from '../measure.ts'
import { ROOT } from '../workshop.ts'

const LINE = /^sdk \+ core: (\d+) production packages, ([\d.]+) MB$/m

/** What someone who installs the core and the SDK takes on. */
export const install: Measure = {
  name: 'install',
  about: 'production dependencies of core and sdk: how many, how large',
  async run(workshop) {
    workshop.note('asking the check of licences, which counts them')
    // One that finds a licence it does not know has counted all the same.
    const { stdout } = await promisify(execFile)('tsx', [join('scripts', 'check-licences.ts')], { cwd: ROOT }).catch((error: unknown) => error as { readonly stdout: string })
    const [, packages, megabytes] = LINE.exec(stdout) ?? []
    if (packages === undefined || megabytes === undefined) throw new Error(`scripts/check-licences.ts said nothing about sdk + core:\n${stdout}`)
    return [
      { what: 'size of production dependencies', unit: 'MB', better: 'lower', goal: { of: 'ours', limit: 60 }, ours: [Number(megabytes)] },
      { what: 'production dependencies', unit: 'packages', better: 'lower', goal: { of: 'ours', limit: 120 }, ours: [Number(packages)] },
    ]
  },
}
