import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { dumpStore } from '../../kernel/store-dump.ts'

const DAY_MS = 86_400_000
/** Nights after the end of the time by which it must be gone. */
const NIGHTS = 3

/** What is declared to be kept so long is kept no longer. */
export const retention: Check<'kernel'> = {
  id: 'GDP-04', since: '1.0', level: 'silver', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Les données partent à la fin de la durée annoncée', en: 'Data goes at the end of the time that was said' },
  rationale: {
    fr: 'La durée de conservation est écrite au registre. Si rien n’efface à l’échéance, la commune déclare une chose et en fait une autre.',
    en: 'The retention is written into the register. Where nothing deletes at its end, the local authority says one thing and does another.',
  },
  howToFix: 'Give privacy an expire: it is asked each night for each table with a retention, and deletes what is older than `before`.',
  example: { bad: 'privacy: { stores, export, erase }', good: "privacy: { stores, export, erase, expire: async (c, { before }) => ({ expired: … }) }" },
  refs: { article: 'RGPD art. 5(1)(e)' },
  async run(stage) {
    const limited = stage.manifest.stores.filter(({ retentionDays }) => retentionDays !== null)
    if (limited.length === 0) return { status: 'skip', why: 'It declares no personal data with a retention.' }
    const lab = await stage.lab()
    const { ground } = lab
    const before = await dumpStore(ground, ground.alpha)
    const longest = Math.max(...limited.map(({ retentionDays }) => retentionDays ?? 0))
    const since = ground.log.length
    const pass = async (): Promise<typeof before> => {
      ground.outside.advance((longest + 1) * DAY_MS)
      for (let night = 0; night < NIGHTS; night += 1) await ground.advance(DAY_MS)
      return dumpStore(ground, ground.alpha)
    }
    const personsIn = (dump: typeof before, { table, subject }: (typeof limited)[number]): number => (dump.find(({ name }) => name === table)?.rows ?? []).filter((row) => typeof row[subject] === 'string' && row[subject] !== '').length
    let after = await pass()
    // Where the time begins with something that is still to come, such as the end of an office, as long again shows it.
    const isAllThere = limited.some((store) => personsIn(before, store) > 0 && personsIn(after, store) === personsIn(before, store))
    if (isAllThere) after = await pass()
    const days = (longest + 1 + NIGHTS) * (isAllThere ? 2 : 1)
    const { plugin, registrations } = ground.release()
    const hasExpire = plugin.privacy.expire !== undefined
    const failed = ground.log.lines(since).filter((line) => typeof line['what'] === 'string' && (line['what'] as string).startsWith('privacy expire') && line.level !== 'debug')
    const found: Finding[] = failed.slice(0, 1).map((line) => ({ message: `privacy.expire failed: ${line.msg}`, fix: this.howToFix, evidence: [JSON.stringify(line).slice(0, 300)] }))
    const notes: string[] = []
    const open: string[] = []
    for (const store of limited) {
      const { table, retentionDays } = store
      const [was, is] = [personsIn(before, store), personsIn(after, store)]
      if (was === 0 || is === 0) continue
      // What counts as the age of a row is the plugin's to know: an end of office has not come by a clock alone.
      if (is < was) notes.push(`${is} of ${was} rows of "${table}" are kept beyond ${retentionDays} days: their time may begin later`)
      else if (hasExpire || registrations.schedules.length > 0) open.push(`${is} of ${was} rows of "${table}" are there ${days} days later, beyond its ${retentionDays}, and not one has gone: look whether their time begins later, or nothing deletes them.`)
      else found.push({ message: `Table "${table}" keeps persons beyond its ${retentionDays} days: nothing in the plugin ever deletes them.`, fix: this.howToFix, evidence: [`${is} of ${was} rows are there ${days} days later; it has no privacy.expire and no schedule`] })
    }
    const [first, ...rest] = open
    return found.length === 0 && first !== undefined ? { status: 'review', items: [first, ...rest] } : findings(found, notes)
  },
}
