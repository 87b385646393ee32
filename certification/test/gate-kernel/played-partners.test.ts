import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSubject } from '../../src/harness/open-subject.ts'
import type { KernelStage } from '../../src/kernel/kernel-stage.ts'
import { findLeaks } from '../../src/kernel/leaks.ts'
import { openKernelStage } from '../../src/kernel/open-kernel-stage.ts'
import { dumpStore } from '../../src/kernel/store-dump.ts'
import type { Tour } from '../../src/kernel/tour.ts'
import { nothingUnused } from '../../src/checks/capability/cap-02-nothing-unused.ts'
import { packPlugin } from '../../src/pack/pack-plugin.ts'
import { PARTNERS_FILE } from '../../src/partners/read-partners.ts'
import type { Answer } from '../../src/partners/partner-description.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')
const subject = await openSubject('plugins/bridge', { cwd: WORKSPACE, pack: async (folder) => (await packPlugin(folder)).archive })
const described = JSON.parse(await readFile(join(WORKSPACE, 'plugins/bridge', PARTNERS_FILE), 'utf8')) as { readonly partners: [{ readonly answers: readonly Answer[] }] }

/** Gone through with partners other than its own. */
async function toured<Result>(partners: unknown, body: (tour: Tour, stage: KernelStage) => Promise<Result>): Promise<Result> {
  const files = new Map(subject.files)
  if (partners === undefined) files.delete(PARTNERS_FILE)
  else files.set(PARTNERS_FILE, Buffer.from(JSON.stringify(partners)))
  const opened = await openKernelStage({ ...subject, files }, { seed: 1, signal: new AbortController().signal, say: () => undefined })
  if ('missing' in opened) throw new Error(opened.missing)
  try {
    return await body(await opened.ground.tour(), opened.ground)
  } finally {
    await opened.close()
  }
}

test('[C526] a bridge hands over what its described bus says, and the bus confirms what leaves; each commune hears its own', { timeout: 120_000 }, async () => {
  await toured(described, async (tour, stage) => {
    const { ground, alpha, beta } = tour
    expect(ground.partners.strays).toEqual([])
    expect(ground.asked.filter(({ scope }) => scope === 'events:write:*').map(({ refused }) => refused)).toContain(undefined)
    for (const traveller of [alpha, beta]) {
      const events = JSON.stringify((await dumpStore(ground, traveller.tenant)).find(({ name }) => name === 'liberacces_outbox')?.rows)
      const said = traveller.penOfPartner()
      expect(said.foundIn(events).length).toBeGreaterThan(0)
      expect((traveller === alpha ? beta : alpha).penOfPartner().foundIn(events)).toEqual([])
      const left = await ground.platform.events.list(traveller.tenant.id, { limit: 100 })
      expect(left.filter(({ subscriber, status }) => subscriber === 'fr.liberacces.bridge' && status !== 'delivered')).toEqual([])
    }
    expect(await findLeaks(tour)).toEqual([])
    expect(await nothingUnused.run(stage, new AbortController().signal)).toMatchObject({ status: 'pass', evidence: [expect.any(String), 'Partners were played at bus.partenaire.example:5671.'] })
  })
})

test('[C527] with nobody there, or with somebody who hangs up before the end, a person has to look, and is told where the description ends', { timeout: 120_000 }, async () => {
  await toured(undefined, async (_tour, stage) => {
    expect(await nothingUnused.run(stage, new AbortController().signal)).toMatchObject({ status: 'review', items: [expect.stringContaining('nobody answers at tcp:bus.partenaire.example:5671: describe who would in certification/partners.json'), expect.any(String)] })
  })
  const [partner] = described.partners
  await toured({ partners: [{ ...partner, answers: partner.answers.slice(0, 1) }] }, async (_tour, stage) => {
    const outcome = await nothingUnused.run(stage, new AbortController().signal)
    expect(outcome).toMatchObject({ status: 'review' })
    expect(JSON.stringify(outcome)).toContain('bus.partenaire.example:5671 hung up: nothing is described for 01 00 00')
  })
})
