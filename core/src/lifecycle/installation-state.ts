import { PlatformError } from '../errors.ts'

/**
 * Where a plugin stands at a tenant. `available` is not stored: no row. Nor is `degraded`: it is what `active` looks like while the
 * release is missing or lacks what it needs, and ends by itself.
 */
export type InstallationState =
  | 'available' | 'activating' | 'active' | 'degraded' | 'upgrading' | 'rolling-back' | 'draining' | 'inactive' | 'migration-failed' | 'archived' | 'purged'

/** A legal step from one state to the next, and how the audit trail calls it. */
export interface Transition {
  readonly from: readonly InstallationState[]
  readonly to: InstallationState
  readonly action: string
}

/** Names of {@link TRANSITIONS}. */
export type TransitionName =
  | 'enable' | 'enabled' | 'enable-failed' | 'enable-undone'
  | 'disable' | 'disabled'
  | 'upgrade' | 'upgraded' | 'upgrade-undone'
  | 'roll-back' | 'rolled-back' | 'roll-back-undone'
  | 'update' | 'update-failed'
  | 'archive' | 'purge' | 'restore'

/** All that can happen to an installation. Nothing else is ever written. */
export const TRANSITIONS: Readonly<Record<TransitionName, Transition>> = {
  'enable': { from: ['available', 'activating', 'active', 'inactive', 'migration-failed', 'archived', 'purged'], to: 'activating', action: 'plugin.enabling' },
  'enabled': { from: ['activating'], to: 'active', action: 'plugin.enabled' },
  'enable-failed': { from: ['activating'], to: 'migration-failed', action: 'plugin.enable-failed' },
  'enable-undone': { from: ['activating'], to: 'inactive', action: 'plugin.enable-failed' },
  'disable': { from: ['activating', 'active', 'migration-failed', 'draining'], to: 'draining', action: 'plugin.disabling' },
  'disabled': { from: ['draining'], to: 'inactive', action: 'plugin.disabled' },
  'upgrade': { from: ['active'], to: 'upgrading', action: 'plugin.upgrading' },
  'upgraded': { from: ['upgrading'], to: 'active', action: 'plugin.upgraded' },
  'upgrade-undone': { from: ['upgrading'], to: 'active', action: 'plugin.upgrade-failed' },
  'roll-back': { from: ['active'], to: 'rolling-back', action: 'plugin.rolling-back' },
  'rolled-back': { from: ['rolling-back'], to: 'active', action: 'plugin.rolled-back' },
  'roll-back-undone': { from: ['rolling-back'], to: 'active', action: 'plugin.rollback-failed' },
  // At a start, when the release that ran is gone from the plugins folder and a newer one stands there.
  'update': { from: ['active'], to: 'active', action: 'plugin.updated' },
  'update-failed': { from: ['active'], to: 'migration-failed', action: 'plugin.update-failed' },
  'archive': { from: ['inactive', 'migration-failed'], to: 'archived', action: 'plugin.archived' },
  'purge': { from: ['inactive', 'migration-failed', 'archived'], to: 'purged', action: 'plugin.purged' },
  'restore': { from: ['available', 'archived', 'purged'], to: 'inactive', action: 'plugin.restored' },
}

/**
 * The step, if it may be taken.
 * @throws PlatformError `PLUGIN_STATE`
 */
export function requireTransition(name: TransitionName, pluginId: string, state: InstallationState): Transition {
  const transition = TRANSITIONS[name]
  if (transition.from.includes(state)) return transition
  throw new PlatformError('PLUGIN_STATE', `Plugin "${pluginId}" is ${state} here, and "${name}" takes one that is ${transition.from.join(' or ')}.`, { fix: fixFor(state) })
}

function fixFor(state: InstallationState): string {
  switch (state) {
    case 'available':
    case 'inactive':
    case 'archived':
    case 'purged': return 'Switch it on first.'
    case 'activating':
    case 'draining':
    case 'upgrading':
    case 'rolling-back': return 'A change of it is under way, or was interrupted: the next start finishes or undoes it.'
    case 'migration-failed': return 'Switch it on again, or off.'
    case 'active':
    case 'degraded': return 'Switch it off first.'
    default: return state satisfies never
  }
}
