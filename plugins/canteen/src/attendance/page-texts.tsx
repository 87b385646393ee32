import type { CanteenContext } from '../canteen-types.ts'
import { STANDING_TEXTS } from './verb.ts'

/** What the script says, and what it must know: unseen, in the reader's language. `{n}`, `{name}`, `{time}` are filled in by it. */
export function PageTexts({ c, values }: { readonly c: CanteenContext; readonly values: Readonly<Record<string, string>> }) {
  const texts = {
    'offline.none': c.t('attendance.offline.none'), 'offline.one': c.t('attendance.offline.one'), 'offline.many': c.t('attendance.offline.many', { n: '{n}' }),
    'online.one': c.t('attendance.online.one'), 'online.many': c.t('attendance.online.many', { n: '{n}' }), 'online.none': c.t('attendance.online.none'),
    'login': c.t('attendance.login', { n: '{n}' }), 'others': c.t('attendance.queue.others', { n: '{n}' }), 'sendOthers': c.t('attendance.queue.send'),
    'conflict.won': c.t('attendance.conflict.won', { child: '{child}', name: '{name}', mark: '{mark}', time: '{time}' }), 'conflict.lost': c.t('attendance.conflict.lost', { child: '{child}', name: '{name}', mark: '{mark}', time: '{time}' }),
    'refused': c.t('attendance.refused', { child: '{child}', reason: '{reason}' }), 'reason.child-unknown': c.t('attendance.reason.child'), 'reason.unit-unknown': c.t('attendance.reason.unit'), 'reason.day-unfit': c.t('attendance.reason.day'),
    'unknownCode': c.t('attendance.scan.unknown'), 'scanned': c.t('attendance.scan.done', { child: '{child}' }), 'understood': c.t('attendance.understood'), 'cameraFailed': c.t('attendance.camera.failed'), 'cameraStop': c.t('attendance.camera.stop'),
    'summary': c.t('attendance.summary', { expected: '{expected}', present: '{present}', absent: '{absent}', open: '{open}' }), 'extra': c.t('attendance.state.extra'),
    ...Object.fromEntries(STANDING_TEXTS.map((text) => [`state.${text}`, c.t(`attendance.state.${text}`, { time: '{time}' })])),
  }
  return <div id="pointage-textes" hidden>{Object.entries({ ...values, ...texts }).map(([name, value]) => <data key={name} id={`texte-${name}`} value={value} />)}</div>
}
