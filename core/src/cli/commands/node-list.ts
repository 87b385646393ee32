import type { Platform } from '../../platform.ts'
import type { PlatformCommand } from '../command.ts'
import type { Io } from '../io.ts'
import { textTable, textTime } from '../text-table.ts'

/** `node list` */
export const nodeList: PlatformCommand = {
  kind: 'platform',
  name: 'node list',
  summary: 'list the processes that run on this platform, the oldest first',
  async run(platform: Platform, _input, io: Io) {
    const nodes = await platform.nodes()
    io.answer(nodes, textTable(
      ['host', 'process', 'address', 'since', 'version', 'silent for', 'clock ahead', 'busy', 'requests', ''],
      nodes.map(({ host, pid, address, startedAt, version, silentMs, skewMs, work, isThis }) => [
        host, pid, address, textTime(startedAt), version, `${Math.round(silentMs / 1_000)} s`, `${Math.round(skewMs)} ms`, work === undefined ? undefined : `${Math.round(work.busy * 100)} %`, work?.requests, isThis ? 'this one' : undefined,
      ]),
      'There is none.',
    ))
  },
}
