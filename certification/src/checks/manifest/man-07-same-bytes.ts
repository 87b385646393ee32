import { digestOf } from '@liberacces/core'
import type { Check } from '../../harness/check.ts'
import { PackError } from '../../pack/pack-error.ts'
import { findings } from '../../harness/findings.ts'

/** The source gives this archive, again and again. */
export const sameBytes: Check<'package'> = {
  id: 'MAN-07', since: '1.0', level: 'silver', gate: 'package', maturity: 'enforced', timeoutMs: 60_000,
  title: { fr: 'La source redonne les mêmes octets', en: 'The source gives the same bytes again' },
  rationale: {
    fr: 'On ne peut relire que la source : si elle ne redonne pas l’archive, personne ne sait ce qui est installé.',
    en: 'Only source can be reviewed: when it does not give the archive again, nobody knows what is installed.',
  },
  howToFix: 'Nothing that differs from run to run (dates, random numbers, paths of a machine) may get into definePlugin or the code; pack the archive from this very source.',
  example: { bad: 'description: { fr: `Compilé le ${new Date()}` }', good: "description: { fr: 'Réserver un repas.' }" },
  async run({ archive, digest, repack, kind }) {
    if (repack === undefined) return { status: 'skip', why: 'Only the archive was given: give its source with --source.' }
    if (archive === undefined) return { status: 'skip', why: 'It cannot be packed; see MAN-01.' }
    let again: string
    try {
      again = digestOf(await repack())
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      return findings([{ message: 'The source cannot be packed, and so does not give the archive.', fix: this.howToFix, evidence: error.problems }])
    }
    if (again === digest) return { status: 'pass', evidence: [again] }
    return findings([{
      message: kind === 'folder' ? 'Packing the same source twice gave two different archives.' : 'The source gives another archive than the one that was given.',
      fix: this.howToFix, evidence: [`given ${digest}`, `again ${again}`],
    }])
  },
}
