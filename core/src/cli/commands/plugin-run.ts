import type { RegisteredCommand } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { inside } from '../../runtime/inside.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { Tenant } from '../../tenancy/tenant.ts'
import { misfit } from '../../validation.ts'
import type { Input, PlatformCommand } from '../command.ts'
import { commandInput } from '../command-input.ts'
import type { Io } from '../io.ts'
import { operator } from '../operator.ts'
import { tenantOption } from '../option-values.ts'
import { tenantOf } from '../tenant-of.ts'
import { textFacts, textTable, type Cell } from '../text-table.ts'

/** `plugin run ID COMMAND [option=value…] --tenant T` */
export const pluginRun: PlatformCommand = {
  kind: 'platform',
  name: 'plugin run',
  summary: 'run a command that a plugin offers; without its name, list them',
  define(command) {
    command.argument('<plugin>', 'its id').argument('[command]', 'one of its commands').argument('[options...]', 'option=value; lists with commas between').addOption(tenantOption())
  },
  async run(platform: Platform, { args: [pluginId, name, options], options: { tenant: slug } }: Input<{ readonly tenant: string }, [string, string | undefined, readonly string[]]>, io: Io) {
    const tenant = tenantOf(platform, slug)
    const release = platform.installations.modules(tenant.id).byId.get(pluginId)
    if (release === undefined) throw new PlatformError('PLUGIN_UNKNOWN', `Plugin "${pluginId}" is not on at ${slug}.`, { fix: 'See `liberacces plugin list --tenant T`.' })
    const { commands } = release.registrations
    if (name === undefined) {
      io.answer(commands.map(({ name: each, summary, input }) => ({ name: each, summary, options: Object.keys(input?.properties ?? {}) })),
        textTable(['command', 'what it does', 'options'], commands.map(({ name: each, summary, input }) => [each, summary, Object.keys(input?.properties ?? {}).join(' ')]), `"${pluginId}" offers no commands.`))
      return
    }
    const command = commands.find((one) => one.name === name)
    if (command === undefined) throw new PlatformError('NOT_FOUND', `Plugin "${pluginId}" has no command "${name}".`, { fix: `It has: ${commands.map((one) => one.name).join(', ') || 'none'}.` })
    const output = await runCommand(platform, tenant, release, command, commandInput(command, options))
    io.answer(output, textOf(output))
  },
}

async function runCommand(platform: Platform, tenant: Tenant, release: LoadedRelease, command: RegisteredCommand, input: unknown): Promise<unknown> {
  const pluginId = release.manifest.id
  // On record before it is done: what a crash cuts short was begun.
  await platform.audit.record({ tenantId: tenant.id, actor: operator(), pluginId, action: 'plugin.command', target: command.name })
  const call = { what: `command ${command.name}`, limitMs: command.timeoutMs ?? release.manifest.limits.callMs }
  const output = await inside(platform.gates, platform.systemOrigin(tenant.id), pluginId, (from) => {
    const current = platform.installations.modules(tenant.id).byId.get(pluginId)
    if (current !== release) throw new PlatformError('UNAVAILABLE', `Plugin "${pluginId}" was just moved to another release.`, { fix: 'Run the command again.' })
    return platform.runtime.call(release, from, call, (c) => (command.run as (c: unknown, input: unknown) => Promise<unknown>)(c, input))
  })
  const wrong = misfit(command.output, output)
  if (wrong !== undefined) throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${pluginId}" answered ${call.what} with something else than it declares: ${wrong}.`, { fix: 'The plugin must be mended; tell its publisher.' })
  return output
}

function textOf(output: unknown): string {
  if (!Array.isArray(output)) return textFacts(Object.fromEntries(Object.entries(Object(output) as Readonly<Record<string, unknown>>).map(([name, value]) => [name, cellOf(value)])))
  const headings = [...new Set(output.flatMap((row) => Object.keys(Object(row) as object)))]
  return textTable(headings, output.map((row) => headings.map((heading) => cellOf((Object(row) as Readonly<Record<string, unknown>>)[heading]))), 'Nothing to show.')
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return undefined
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value)
}
