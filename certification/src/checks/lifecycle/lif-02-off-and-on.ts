import type { Check, Finding } from '../../harness/check.ts'
import { findings } from '../../harness/findings.ts'
import { CERTIFIER } from '../../kernel/certifier.ts'
import { dumpDifference, dumpStore, ownTables } from '../../kernel/store-dump.ts'

/** Questions that come after their call is over, which one that is merely slow may ask too. */
const STRAY = 2

/** Switched off, nothing of it goes on; switched on again, all is as before. */
export const offAndOn: Check<'kernel'> = {
  id: 'LIF-02', since: '1.0', level: 'bronze', gate: 'kernel', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'Désactivée, plus rien ne tourne ; réactivée, tout est là', en: 'Switched off nothing goes on; switched on again all is there' },
  rationale: {
    fr: 'Une minuterie oubliée continue d’agir au nom d’une commune qui a désactivé l’application, et s’accumule à chaque appel.',
    en: 'A timer that was forgotten goes on acting for a tenant that has switched the plugin off, and adds up with each call.',
  },
  howToFix: 'Await everything within the call. What is to happen later is a schedule, or an event with notBefore; never setInterval or a promise nobody awaits.',
  example: { bad: 'setInterval(() => refresh(c), 1_000)', good: "k.schedule({ id: 'refresh', cron: '*/5 * * * *', timeoutMs: 5_000 }, refresh)" },
  async run(stage) {
    const { ground } = await stage.lab()
    const { id } = stage.manifest
    const found: Finding[] = []
    const late = [...(await stage.tour()).ground.asked, ...ground.asked].filter(({ why }) => why === 'The call is over.')
    if (late.length > STRAY) found.push({ message: 'It goes on after its calls are over: it asks the platform for things when nobody waits for an answer any more.', fix: this.howToFix, evidence: [...new Set(late.map(({ what, sql }) => `${what}${sql === undefined ? '' : ` ${sql.slice(0, 120)}`}`))].slice(0, 3) })
    const before = ownTables(await dumpStore(ground, ground.alpha))
    const { platform, alpha } = ground
    await platform.installations.disable(alpha.id, id, CERTIFIER)
    const page = await ground.send(alpha, undefined, 'GET', `/apps/${stage.manifest.path}/`, { headers: { accept: 'text/html' } })
    if (page.status !== 404) found.push({ message: `Switched off, it still answers at /apps/${stage.manifest.path}/.`, fix: this.howToFix, evidence: [`→ ${page.status}`] })
    await ground.settle()
    const off = ownTables(await dumpStore(ground, alpha))
    const moved = dumpDifference(before, off)
    if (moved.length > 0) found.push({ message: 'Its rows changed while it was switched off.', fix: this.howToFix, evidence: moved })
    await platform.installations.enable(alpha.id, id, '*', CERTIFIER)
    await platform.installations.enable(alpha.id, id, '*', CERTIFIER)
    const again = dumpDifference(before, ownTables(await dumpStore(ground, alpha)))
    if (again.length > 0) found.push({ message: 'Switching it off and on again changed its data.', fix: 'A migration is run once; what is there stays.', evidence: again })
    return findings(found)
  },
}
