import type { LocalCommand } from '../command.ts'
import { examine } from '../doctor/examine.ts'
import { textTable } from '../text-table.ts'

const WORDS = { ok: 'ok', hint: 'hint', broken: 'BROKEN' } as const

/** `doctor` */
export const doctor: LocalCommand = {
  kind: 'local',
  name: 'doctor',
  summary: 'examine this machine and the data folder; fails when something is broken',
  async run(surroundings, _input, io) {
    const findings = await examine(surroundings)
    const ok = findings.every(({ status }) => status !== 'broken')
    const advice = findings.flatMap(({ id, fix }) => (fix === undefined ? [] : [`${id}: ${fix}`]))
    io.answer({ ok, checks: findings }, [
      textTable(['check', 'state', 'what'], findings.map(({ id, status, what }) => [id, WORDS[status], what]), ''),
      ...advice,
      ok ? 'Nothing is broken.' : 'Something is broken.',
    ].join('\n'))
    return ok ? 0 : 1
  },
}
