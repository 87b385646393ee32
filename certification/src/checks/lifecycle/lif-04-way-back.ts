import type { Migrations } from '@liberacces/sdk'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'

/** Each migration can be taken back, and leads to the same tables when it is run again. */
export const wayBack: Check<'kernel'> = {
  id: 'LIF-04', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Chaque migration se défait entièrement', en: 'Each migration can be undone entirely' },
  rationale: {
    fr: 'Quand une nouvelle version déçoit, la commune revient à l’ancienne le jour même : encore faut-il que la base revienne avec elle.',
    en: 'When a new version disappoints, a local authority goes back the same day: its tables must come back along.',
  },
  howToFix: 'Let down undo what up does, in the opposite order: drop the tables, columns and indexes that it made, and put back those that it dropped.',
  example: { bad: 'down: async () => {}', good: "down: async (db) => { await db.schema.dropTable('note').execute() }" },
  async run(stage) {
    if (stage.manifest.migrations.length === 0) return { status: 'skip', why: 'It has no migrations.' }
    const { ground } = await stage.lab()
    const key = { tenantId: ground.alpha.id, pluginId: stage.manifest.id }
    const migrations = (ground.release().plugin.migrations ?? {}) as Migrations
    const names = Object.keys(migrations).sort()
    const folder = join(ground.folder, 'copies')
    await mkdir(folder, { recursive: true })
    const copy = await ground.platform.storage.openCopy(key, 'store', folder)
    try {
      const shapes = [await copy.shape()]
      const found: Finding[] = []
      // Back one by one, so that the one is named that does not.
      for (const name of names.toReversed()) {
        const failed = await copy.revert(migrations, [name]).then(() => undefined, (error: unknown) => told(error))
        if (failed !== undefined) return findings([{ message: `Migration "${name}" cannot be taken back: ${failed}`, fix: this.howToFix, evidence: [] }])
        shapes.push(await copy.shape())
      }
      const left = shapes.at(-1) ?? ''
      if (left !== EMPTY) found.push({ message: 'With all migrations taken back, something of the plugin is left in its database.', fix: this.howToFix, evidence: [left.slice(0, 400)] })
      const failed = await copy.migrate(migrations).then(() => undefined, (error: unknown) => told(error))
      if (failed !== undefined && found.length === 0) found.push({ message: `Taken back, the migrations cannot be run again: ${failed}`, fix: this.howToFix, evidence: [] })
      else if (failed === undefined && await copy.shape() !== shapes[0]) found.push({ message: 'Taken back and run again, the migrations make other tables than the first time.', fix: this.howToFix, evidence: [(await copy.shape()).slice(0, 300), (shapes[0] ?? '').slice(0, 300)] })
      return findings(found, [`${names.length} migrations, back and again`])
    } finally {
      await copy.close()
    }
  },
}

/** The shape of a store without anything of a plugin's. */
const EMPTY = '[]'

function told(error: unknown): string {
  return error instanceof Error ? `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}` : String(error)
}
