import type { Check, Finding, Outcome } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { anotherCommune, cutAndAgain, cutsOf, MigrationCut } from '../../kernel/cut-migrations.ts'
import type { KernelStage } from '../../kernel/kernel-stage.ts'
import { dumpStore, ownTables, storeShape } from '../../kernel/store-dump.ts'
import { fillTenant } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** An upgrade from the version before keeps all that was typed, and a migration that was cut short can be done again. */
export const upgradeKeeps: Check<'kernel'> = {
  id: 'LIF-03', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 90_000,
  title: { fr: 'La mise à jour garde toutes les données, et une migration interrompue se reprend', en: 'The upgrade keeps all data, and a migration that was cut short can be done again' },
  rationale: {
    fr: 'Une migration qui perd une colonne perd des années de saisie, dans toutes les communes à la fois ; une autre, coupée par un disque plein, ne doit pas laisser la commune sans application.',
    en: 'A migration that loses a column loses years of typing, in all local authorities at once; one that a full disk cut short must not leave a local authority without its application.',
  },
  howToFix: 'Copy before you drop: make the new table, insert … select, then drop the old one; add columns with a default. Never change a migration that was released.',
  example: { bad: "dropTable('note'); createTable('note')…", good: "createTable('note_next')…; insertInto('note_next').expression(selectFrom('note')…); dropTable('note')" },
  async run(stage, signal) {
    const kept = await upgradeFrom(stage, signal)
    if (typeof kept !== 'string') return kept
    const { found, cuts } = await cutShort(stage, signal)
    if (cuts === 0 && stage.previous === undefined) return { status: 'skip', why: 'It has no migrations, and there is no version before: give its archive with --previous.' }
    return findings(found.map((finding) => ({ ...finding, fix: 'Let a migration decide by what the tables are, never by variables of the module: it is run again, in the same process, after it failed half-way.' })), [kept, `${cuts} cuts of migrations`])
  },
}

/** Cut short after each statement, and done again: at a commune that is new to it, and at an upgrade. */
async function cutShort(stage: KernelStage, signal: AbortSignal): Promise<{ readonly found: readonly Omit<Finding, 'fix'>[]; readonly cuts: number }> {
  const cut = new MigrationCut()
  await using ground = await stage.fresh({ reached: cut.reached })
  const { platform, manifest } = ground
  const { migrations = {} } = ground.release().plugin
  // A set of its own each time: the platform makes the tables of a set that it knows from a copy, and would run none of it.
  const migrate = (tenantId: string): Promise<unknown> => platform.storage.migrate({ tenantId, pluginId: manifest.id }, { ...migrations })
  const first = await anotherCommune(ground, 'Commune témoin')
  cut.arm()
  await migrate(first)
  const cuts = cutsOf(cut.passed)
  if (cuts.length === 0) return { found: [], cuts: 0 }
  const expected = await storeShape(ground, first)
  for (const [index, after] of cuts.entries()) {
    if (signal.aborted) break
    const tenantId = await anotherCommune(ground, `Commune coupée ${index + 1}`)
    const wrong = await cutAndAgain(cut, after, { what: 'Switching on', run: () => migrate(tenantId), shape: () => storeShape(ground, tenantId) }, expected)
    // What it does after one it does after others: the first says enough.
    if (wrong !== undefined) return { found: [wrong], cuts: index + 1 }
  }
  return { found: [], cuts: cuts.length }
}

/** @returns the versions, where nothing was lost or there is no version before; otherwise what there is to say */
async function upgradeFrom(stage: KernelStage, signal: AbortSignal): Promise<Outcome | string> {
  const { previous, archive, manifest } = stage
  if (previous === undefined) return 'no version before'
  await using ground = await stage.install(previous)
  const from = ground.release().manifest.version
  if (from === manifest.version) return { status: 'skip', why: `The archive that was given as the version before is of ${from} too.` }
  const traveller = new Traveller(ground, ground.alpha, stage.seed)
  await fillTenant(traveller, signal)
  await ground.settle()
  const textOf = async (): Promise<string> => JSON.stringify(ownTables(await dumpStore(ground, ground.alpha)))
  const before = await textOf()
  await ground.platform.releases.take(archive, 'the plugin under test', CERTIFIER)
  const failed = await ground.platform.installations.upgrade(ground.alpha.id, manifest.id, { range: manifest.version, by: CERTIFIER, acceptScopes: true }).then(() => undefined, (error: unknown) => (error instanceof Error ? error : new Error(String(error))))
  if (failed !== undefined) return findings([{ message: `The upgrade from ${from} to ${manifest.version} fails: ${failed.message}`, fix: upgradeKeeps.howToFix, evidence: failed.cause instanceof Error ? [failed.cause.message] : [] }])
  const after = await textOf()
  const lost = traveller.pens.flatMap((pen) => pen.foundIn(before)).filter(({ text }) => !after.toLowerCase().includes(text))
  const [first] = lost
  if (first !== undefined) return findings([{ message: `${lost.length} of the texts that were typed in ${from} are gone after the upgrade to ${manifest.version}.`, fix: upgradeKeeps.howToFix, evidence: [`"${first.text}", typed into ${first.place}`] }])
  return `${from} to ${manifest.version}`
}
