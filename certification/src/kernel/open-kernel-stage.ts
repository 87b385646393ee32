import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlatformError } from '@liberacces/core'
import type { GateOpener } from '../harness/gate-opener.ts'
import { derivedSeed } from './chance.ts'
import { openGround, type Ground, type GroundTemplate } from './ground.ts'
import { Lab } from './lab.ts'
import type { FreshOptions, KernelStage } from './kernel-stage.ts'
import { findNeeded } from './needed-plugins.ts'
import { needsNeighbour, neighbourSource } from './neighbour.ts'
import { PARTNERS_FILE, readPartners } from '../partners/read-partners.ts'
import { goOnTour, type Tour } from './tour.ts'

/** Opens the ground of gate kernel: the archive on a throw-away platform. What the plugin does to it is for the checks to say; that it does not come up is the finding of LIF-01. */
export const openKernelStage: GateOpener<'kernel'> = async ({ archive, files, manifest, problems, given }, { seed, signal, say }) => {
  if (archive === undefined || manifest === undefined || files === undefined) {
    return { missing: `There is no archive to install: ${problems.join(' ')}`, fix: 'Mend what the checks of the package name.', blame: 'plugin' }
  }
  const { sources, archives: needed, missing } = await findNeeded(manifest, given.alongside)
  if (missing.length > 0) return { missing: `It requires ${missing.join(', ')}, which no plugin here provides.`, fix: 'Give the archive of the plugin that provides it: --with FILE.tgz.', blame: 'plugin' }
  const runtime = runtimeOf(given.inline === true)
  const previous = given.previous === undefined ? undefined : await readFile(given.previous)
  const described = readPartners(files.get(PARTNERS_FILE))
  const folder = await mkdtemp(join(tmpdir(), 'liberacces-stage-'))
  const base = { manifest, partners: described.partners, runtime: runtime.kind, needed: [...sources, ...(needsNeighbour(manifest) ? [neighbourSource()] : [])] }
  const opened: Ground[] = []
  const close = async (): Promise<void> => {
    for (const ground of opened.splice(0)) await ground[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    say('installing the plugin on a throw-away platform')
    const shared = await openGround({ ...base, archives: [...needed, archive], seed })
    opened.push(shared)
    await shared.settle()
    const template: GroundTemplate = await shared.copyTo(join(folder, 'template'))
    let tour: Promise<Tour> | undefined
    let lab: Promise<Lab> | undefined
    let grounds = 0
    const nextSeed = (): number => derivedSeed(seed, 'ground', String(grounds += 1))
    const stage: KernelStage = {
      manifest, archive, files, previous, seed, runtime, wrongPartners: described.problems, took: shared.took,
      tour() {
        if (tour === undefined) say('going through everything that the plugin offers, at two communes')
        return tour ??= goOnTour(shared, seed, signal)
      },
      lab: () => (lab ??= openGround({ ...base, archives: [], template, seed: nextSeed() }).then(async (ground) => {
        opened.push(ground)
        return Lab.open(ground, seed, signal)
      })),
      fresh: (options: FreshOptions = {}) => openGround({ ...base, ...options, archives: [], template, seed: nextSeed() }),
      install: (other) => openGround({ ...base, archives: [...needed, other], seed: nextSeed() }),
    }
    return { ground: stage, close }
  } catch (error) {
    await close()
    if (!(error instanceof PlatformError) && !(error instanceof AggregateError)) throw error
    const why = error instanceof AggregateError ? error.errors.map(String).join(' ') : `${error.message} ${error.fix}`
    return { missing: `The plugin does not come up on a platform: ${why}`, fix: 'Install it on a platform of your own, and look at its log.', blame: 'plugin', toldBy: 'LIF-01' }
  }
}

function runtimeOf(isInline: boolean): KernelStage['runtime'] {
  if (isInline) return { kind: 'inline', why: 'It ran in the process of the harness, as --inline asked.' }
  return { kind: 'process', why: 'Code of others runs in a process of its own.' }
}
