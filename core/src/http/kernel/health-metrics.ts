import { Counter, Gauge, type Registry } from 'prom-client'
import type { ReleaseReport } from '../../health/release-reports.ts'
import type { PluginHealth } from '../../health/plugin-health.ts'

/** Adds what tells of plugins' health to a registry, read when somebody asks. Labels are plugins and kinds; nothing of tenants. */
export function registerHealthMetrics(registry: Registry, health: PluginHealth, reports: () => Promise<readonly ReleaseReport[]>): void {
  const registers = [registry]
  void new Gauge({
    name: 'liberacces_plugin_halted', help: 'Plugins that may not run: stopped by an operator, or in quarantine.', labelNames: ['plugin', 'kind'] as const, registers,
    collect() {
      this.reset()
      for (const { pluginId, kind } of health.halts.all) this.set({ plugin: pluginId, kind }, 1)
    },
  })
  void new Gauge({
    name: 'liberacces_plugin_breakers_open', help: 'Tenants for which calls into a plugin are not tried just now.', labelNames: ['plugin'] as const, registers,
    collect() {
      this.reset()
      for (const { pluginId } of health.breakers.open()) this.inc({ plugin: pluginId })
    },
  })
  void new Counter({
    name: 'liberacces_plugin_refusals_total', help: 'Calls into a plugin that were refused because it is out of service: stopped, quarantined, restarting, paused.', labelNames: ['plugin', 'kind'] as const, registers,
    collect() {
      this.reset()
      for (const [plugin, kinds] of health.refusals) for (const [kind, count] of kinds) this.inc({ plugin, kind }, count)
    },
  })
  void new Counter({
    name: 'liberacces_plugin_restarts_total', help: 'Times the process of a plugin was started again.', labelNames: ['plugin'] as const, registers,
    collect() {
      this.reset()
      for (const [plugin, count] of health.restarts) this.inc({ plugin }, count)
    },
  })
  void new Gauge({
    name: 'liberacces_plugin_memory_bytes', help: 'Memory of the processes that a plugin has for itself.', labelNames: ['plugin'] as const, registers,
    async collect() {
      const all = await reports()
      this.reset()
      for (const { pluginId, memoryBytes, group } of all) if (memoryBytes !== undefined && group?.isApart !== false) this.inc({ plugin: pluginId }, memoryBytes)
    },
  })
  void new Gauge({
    name: 'liberacces_process_group_memory_bytes', help: 'Memory of the process that the plugins of a group share.', labelNames: ['group'] as const, registers,
    async collect() {
      const all = await reports()
      this.reset()
      for (const { memoryBytes, group } of all) if (memoryBytes !== undefined && group?.isApart === false) this.set({ group: group.name }, memoryBytes)
    },
  })
}
