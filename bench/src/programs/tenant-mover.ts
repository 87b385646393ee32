import { randomFillSync } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPlatform, givenPlugin, readConfig, type Platform } from '@liberacces/core'
import type { Plugin } from '@liberacces/sdk'
import { answerCommands } from '../answer-commands.ts'
import { notePlugin } from '../fixtures/note-plugin.ts'

// A platform with a commune that has many files, and other platforms into which it moves: each in a folder of its own, as two operators would have them.

const BY = { kind: 'operator', id: 'bench', name: 'Bench' } as const
const folder = process.env['LIBERACCES_DATA'] ?? ''
const FILE_BYTES = 4 * 1024 * 1024

async function open(name: string): Promise<{ readonly platform: Platform; readonly data: string }> {
  const data = join(folder, name)
  mkdirSync(data, { recursive: true })
  const platform = await createPlatform({ config: readConfig({ PORT: '0', LIBERACCES_DATA: data, LIBERACCES_LOG: 'warn' }, data), plugins: [givenPlugin(notePlugin as unknown as Plugin)] })
  await platform.tenants.create({ kind: 'pool', name: 'Pool' }, BY)
  return { platform, data }
}

const from = await open('from')
const tenant = await from.platform.tenants.create({ kind: 'commune', name: 'Commune', slug: 'commune', population: 3_000 }, BY)
await from.platform.installations.enable(tenant.id, notePlugin.id, '*', BY)
let moved = 0

answerCommands({
  /** Stores files of random bytes. Resolves to the folder in which they lie. */
  fill: async ({ megabytes }: { readonly megabytes: number }) => {
    const files = from.platform.files.of({ tenantId: tenant.id, pluginId: notePlugin.id })
    for (let left = megabytes; left > 0; left -= FILE_BYTES / 1024 / 1024) await files.put(randomFillSync(new Uint8Array(FILE_BYTES)), { name: 'delib.bin', type: 'application/octet-stream' })
    return join(from.data, 'files', tenant.id)
  },
  /** Exports the commune and imports it into a platform that is new. */
  move: async () => {
    const to = await open(`to-${(moved += 1)}`)
    const out = join(folder, 'export.tar')
    globalThis.gc?.()
    const memory = watchMemory()
    const cpu = process.cpuUsage()
    const start = performance.now()
    await from.platform.leaving.export(tenant, { out }, BY)
    const exported = performance.now()
    await to.platform.leaving.import({ file: out }, BY)
    const end = performance.now()
    const { user, system } = process.cpuUsage(cpu)
    const grown = memory()
    await to.platform.stop()
    rmSync(to.data, { recursive: true })
    rmSync(out)
    return { exportMs: exported - start, importMs: end - exported, cpuMs: (user + system) / 1_000, grownMb: grown.grown, peakMb: grown.peak }
  },
}, () => from.platform.stop())

/** What resident memory grows to meanwhile, in MB. */
function watchMemory(): () => { readonly grown: number; readonly peak: number } {
  const now = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
  const before = now()
  let peak = before
  const timer = setInterval(() => { peak = Math.max(peak, now()) }, 20)
  return () => {
    clearInterval(timer)
    return { grown: Math.max(peak, now()) - before, peak }
  }
}
