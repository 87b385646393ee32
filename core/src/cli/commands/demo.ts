import { demoAccountsPath, refreshDemoAddresses } from '../../demo/demo-accounts-file.ts'
import { readDemoState } from '../../demo/demo-state.ts'
import type { Platform } from '../../platform.ts'
import type { LocalCommand } from '../command.ts'
import { demoProgress } from '../demo-progress.ts'
import { demoWelcome } from '../demo-welcome.ts'
import { refuseTakenPort } from '../free-port.ts'
import { serveUntilAsked } from '../serving.ts'
import { addressOf } from '../tenant-address.ts'

/** `demo` */
export const demo: LocalCommand = {
  kind: 'local',
  name: 'demo',
  summary: 'run a demonstration: 28 real communes with made-up people, made at the first start',
  run: (surroundings, _input, io) => serveUntilAsked(surroundings, { quiet: 'warn' }, {
    async prepare(platform, signal) {
      if (readDemoState(platform.config.dataFolder)?.state === 'complete') return
      // Before minutes of a person's patience, not after.
      await refuseTakenPort(platform.config)
      io.note('Premier démarrage : création de la démonstration…')
      // Loaded for the first start alone, like the register of communes that it reads.
      const { fillDemo } = await import('../../demo/fill-demo.ts')
      await fillDemo(platform, {
        addressOf: addresses(platform, platform.config.port),
        signal,
        ...(io.json ? {} : { progress: demoProgress(process.stderr, surroundings.env['TERM'] === 'dumb') }),
      })
    },
    ready(platform, port) {
      const { config } = platform
      const accounts = refreshDemoAddresses(config.dataFolder, addresses(platform, port))
      const accountsFile = demoAccountsPath(config.dataFolder)
      const url = addressOf('pool', config, port)
      io.answer(
        { url, host: config.host, port, data: config.dataFolder, pid: process.pid, tenants: platform.tenants.list().length, accounts: accounts.length, accountsFile },
        demoWelcome({ pool: url, accountsFile, accounts }),
      )
    },
  }),
}

function addresses({ config }: Platform, port: number): (slug: string) => string {
  return (slug) => addressOf(slug, config, port)
}
