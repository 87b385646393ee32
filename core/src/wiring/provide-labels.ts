import type { Container } from '../container.ts'
import { KERNEL_ID } from '../identity/kernel-permissions.ts'
import { Labels } from '../labels/labels.ts'
import { platformVersion } from '../platform-version.ts'
import type { Base } from './base.ts'
import { AUDIT, LABELS, TENANTS } from './tokens.ts'

/** Labels of releases: what is trusted, and what the Pool asks for. */
export function provideLabels(services: Container, { storage, outside, health }: Base): void {
  services.provide(LABELS, (given) => new Labels({
    storage, outside, kernel: platformVersion(), audit: () => given.get(AUDIT), poolId: () => given.get(TENANTS).pool()?.id ?? KERNEL_ID,
    stop: (id, version, reason, by) => health.halts.stop(id, version, reason, by),
  }))
}
