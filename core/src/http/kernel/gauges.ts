import { Gauge, type Registry } from 'prom-client'

/** What the kernel's parts count of themselves, read when somebody asks. */
export type Gauges = Readonly<Record<string, { readonly help: string; readonly read: () => number }>>

/** Adds gauges to a registry, each as `liberacces_<name>`. */
export function registerGauges(registry: Registry, gauges: Gauges): void {
  for (const [name, { help, read }] of Object.entries(gauges)) {
    void new Gauge({ name: `liberacces_${name}`, help, registers: [registry], collect() { this.set(read()) } })
  }
}
