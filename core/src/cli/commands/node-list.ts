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
      ['host', 'process', 'port', 'since', 'version', 'silent for', 'clock ahead', ''],
      nodes.map(({ host, pid, port, startedAt, version, silentMs, skewMs, isThis }) =>
        [host, pid, port, textTime(startedAt), version, `${Math.round(silentMs / 1_000)} s`, `${Math.round(skewMs)} ms`, isThis ? 'this one' : undefined]),
      'There is none.',
    ))
  },
}
