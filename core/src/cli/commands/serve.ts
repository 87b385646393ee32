import type { LocalCommand } from '../command.ts'
import { serveUntilAsked } from '../serving.ts'
import { addressOf } from '../tenant-address.ts'

/** `serve` */
export const serve: LocalCommand = {
  kind: 'local',
  name: 'serve',
  summary: 'run the platform until it is asked to stop (SIGINT, SIGTERM)',
  run: (surroundings, _input, io) => serveUntilAsked(surroundings, {}, {
    ready: ({ config, catalogue, tenants }, port) => {
      const count = tenants.list().length
      io.answer(
        { url: addressOf('pool', config, port), host: config.host, port, data: config.dataFolder, pid: process.pid, tenants: count, plugins: catalogue.releases.length },
        `LiberAccès serves ${count} ${count === 1 ? 'tenant' : 'tenants'} at ${addressOf('pool', config, port)} (${config.host}, port ${port}; data in ${config.dataFolder}).`,
      )
    },
  }),
}
