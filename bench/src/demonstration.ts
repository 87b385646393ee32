import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { started } from './started.ts'
import { ROOT, type Workshop } from './workshop.ts'

/** A server that can be started over and over: arguments of Node, and its data. */
export interface Startable {
  readonly args: readonly string[]
  readonly data: string
}

/** The demonstration after its first start: 28 communes and a CCAS, with the plugins that we ship. Filled once a run. */
export function demonstration(workshop: Workshop): Promise<Startable> {
  return workshop.once('demonstration', async () => {
    const demo = { args: [join(ROOT, 'scripts', 'start.js')], data: workshop.folder('demo') }
    workshop.note('first start of the demonstration, which fills it')
    await (await started(demo.args, demo.data)).stop()
    // Once more: what is compiled is kept when a process ends.
    await (await started(demo.args, demo.data)).stop()
    return demo
  })
}

/** A platform with many plugins, all switched on for a commune. */
export function manyPlugins(workshop: Workshop, count: number): Promise<Startable> {
  return workshop.once(`${count} plugins`, async () => {
    workshop.note(`preparing ${count} plugins`)
    const sources = join(ROOT, 'bench', 'temp')
    mkdirSync(sources, { recursive: true })
    const entries = Array.from({ length: count }, (_, index) => {
      const source = join(sources, `plugin-${index + 1}.ts`)
      writeFileSync(source, `import { numberedPlugin } from '../src/fixtures/numbered-plugin.tsx'\nexport default numberedPlugin(${index + 1})\n`)
      return [`plugins/bench-${index + 1}/plugin`, source] as const
    })
    const folder = await workshop.bundle('many', { main: 'core/src/cli/main.ts', prepare: 'bench/src/programs/many-plugins.ts', ...Object.fromEntries(entries) })
    const data = workshop.folder('many')
    const plugins = join(folder, 'plugins')
    execFileSync(process.execPath, [join(folder, 'prepare.js')], { env: { ...process.env, LIBERACCES_DATA: data, LIBERACCES_PLUGINS: plugins }, stdio: ['ignore', 'ignore', 'inherit'] })
    const server = { args: [join(folder, 'main.js'), 'serve', '--plugins', plugins], data }
    await (await started(server.args, server.data)).stop()
    return server
  })
}

/** The bare parts, serving. */
export async function bareParts(workshop: Workshop): Promise<Startable> {
  const folder = await workshop.bundle('bare', { bare: 'bench/src/programs/bare-start.ts' })
  return { args: [join(folder, 'bare.js')], data: workshop.folder('bare') }
}
