import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { dumpStore, ownTables } from '../../kernel/store-dump.ts'
import { fillTenant } from '../../kernel/tour.ts'
import { Traveller } from '../../kernel/traveller.ts'

/** An upgrade from the version before keeps all that was typed. */
export const upgradeKeeps: Check<'kernel'> = {
  id: 'LIF-03', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 90_000,
  title: { fr: 'La mise à jour depuis la version précédente garde toutes les données', en: 'The upgrade from the version before keeps all data' },
  rationale: {
    fr: 'Une migration qui perd une colonne perd des années de saisie, dans toutes les communes à la fois.',
    en: 'A migration that loses a column loses years of typing, in all local authorities at once.',
  },
  howToFix: 'Copy before you drop: make the new table, insert … select, then drop the old one; add columns with a default. Never change a migration that was released.',
  example: { bad: "dropTable('note'); createTable('note')…", good: "createTable('note_next')…; insertInto('note_next').expression(selectFrom('note')…); dropTable('note')" },
  async run(stage, signal) {
    const { previous, archive, manifest } = stage
    if (previous === undefined) return { status: 'skip', why: 'There is no version before: give its archive with --previous.' }
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
    const found: Finding[] = []
    if (failed !== undefined) found.push({ message: `The upgrade from ${from} to ${manifest.version} fails: ${failed.message}`, fix: this.howToFix, evidence: failed.cause instanceof Error ? [failed.cause.message] : [] })
    else {
      const after = await textOf()
      const lost = traveller.pens.flatMap((pen) => pen.foundIn(before)).filter(({ text }) => !after.toLowerCase().includes(text))
      const [first] = lost
      if (first !== undefined) found.push({ message: `${lost.length} of the texts that were typed in ${from} are gone after the upgrade to ${manifest.version}.`, fix: this.howToFix, evidence: [`"${first.text}", typed into ${first.place}`] })
    }
    return findings(found, [`${from} to ${manifest.version}`])
  },
}
