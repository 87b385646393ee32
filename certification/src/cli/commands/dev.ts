import { resolve } from 'node:path'
import { PlatformError } from '@liberacces/core'
import type { CertifyCommand } from '../certify-command.ts'

interface Options {
  readonly port?: string
  readonly data?: string
  readonly plugins?: string
  readonly fresh?: boolean
  readonly process?: boolean
}

/** `dev [PATH] [--port N] [--data DIR] [--plugins DIR] [--fresh] [--process]` */
export const devCommand: CertifyCommand = (program, { folder, out, err }, done) => {
  program.command('dev')
    .description('run a platform with demonstration tenants and a plugin, which is reloaded without restart whenever its sources change')
    .argument('[path]', 'folder of the plugin\'s package', '.')
    .option('--port <n>', 'where the platform listens (PORT, or 3000)')
    .option('--data <dir>', 'where its data is kept from one time to the next (PATH/.liberacces)')
    .option('--plugins <dir>', 'other plugins that are on too')
    .option('--fresh', 'forget the data of before')
    .option('--process', 'run the plugin in a process of its own behind the walls, as an installed archive; slower to reload')
    .helpOption('-h, --help', 'say how to use this command')
    .action(async (path: string, { port, data, plugins, fresh, process: inProcess }: Options) => {
      // The kernel is loaded here and not before, so that the other commands stay quick.
      const [{ develop }, { listenForStop }] = await Promise.all([import('../../dev/development.ts'), import('@liberacces/core/development')])
      const stop = listenForStop(process.env)
      try {
        await develop({
          folder: resolve(folder, path), env: port === undefined ? process.env : { ...process.env, PORT: port }, fresh, process: inProcess,
          data: data === undefined ? undefined : resolve(folder, data), plugins: plugins === undefined ? undefined : resolve(folder, plugins),
          say: (text) => { out(`${text}\n`) }, signal: stop.signal,
        })
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error
        err(`liberacces-certify: ${error.message} ${error.fix}\n`)
        done(1)
      } finally {
        stop.dispose()
      }
    })
}
