import type { Localized, Locale, Slot } from '@liberacces/sdk'
import { renderToHtml } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import { outageOf, type Outage } from '../health/outage.ts'
import type { Modules, OwnedContribution } from '../lifecycle/modules.ts'
import { isElement } from '../runtime/element.ts'
import { translatorOf } from '../runtime/messages.ts'
import type { Gates } from '../runtime/gates.ts'
import { inside } from '../runtime/inside.ts'
import type { Origin, Runtime } from '../runtime/runtime.ts'

/** What rendering takes of the kernel. */
export interface SlotPorts {
  readonly runtime: Runtime
  readonly gates: Gates
  readonly installations: { modules(tenantId: string): Modules }
}

/** The plugin failed, or is out of service: then it is said which, and since when. */
interface Failed {
  readonly state: 'failed'
  readonly outage?: Outage
}

type Content = { readonly state: 'ready'; readonly html: string } | Failed

/** One contribution as a page shows it. */
export interface ShownContribution {
  readonly key: string
  readonly pluginId: string
  readonly pluginTitle: Localized
  /** Base of the plugin's addresses, `/apps/<path>`. */
  readonly base: string
  readonly title: string
  readonly data: Readonly<Record<string, unknown>>
  readonly content:
    | { readonly state: 'ready'; readonly html: string }
    | { readonly state: 'late' }
    | Failed
    /** The slot takes data only. */
    | { readonly state: 'none' }
}

/** Contributions to a slot that this person may see, in their order. */
export function visibleContributions(modules: Modules, slot: Slot, origin: Origin): readonly OwnedContribution[] {
  return (modules.contributions.get(slot.id) ?? []).filter(({ permission, release }) =>
    permission === undefined || origin.principal.permissions.has(`${release.manifest.id}/${permission}`))
}

/** Renders a slot: all at once, each within the slot's budget. A slow or broken contribution costs its own place, never the page. */
export async function renderSlot(ports: SlotPorts, slot: Slot, shown: readonly OwnedContribution[], origin: Origin): Promise<readonly ShownContribution[]> {
  return Promise.all(shown.map((contribution) => show(ports, contribution, origin, slot.budgetMs)))
}

/** Renders one contribution without the page's budget, for what arrives later by itself. */
export function renderContribution(ports: SlotPorts, contribution: OwnedContribution, origin: Origin): Promise<ShownContribution> {
  return show(ports, contribution, origin, undefined)
}

async function show({ runtime, gates, installations }: SlotPorts, contribution: OwnedContribution, origin: Origin, budgetMs: number | undefined): Promise<ShownContribution> {
  const { release, render, title, data, key } = contribution
  const { id, path, title: pluginTitle, limits } = release.manifest
  const shown = { key, pluginId: id, pluginTitle: pluginTitle as Localized, base: `/apps/${path}`, title: translatorOf(release, origin.locale)(title), data }
  if (render === undefined) return { ...shown, content: { state: 'none' } }
  const rendering = inside<Content>(gates, origin, id, (from) => {
    // After a wait another release may stand there: the contribution is the one of the same place, if it has one.
    const current = installations.modules(origin.tenant.id).contributions.get(contribution.slot.id)?.find((one) => one.key === key)
    const renderNow = current?.render
    if (current === undefined || renderNow === undefined) return { state: 'failed' }
    return runtime.call(current.release, from, { what: `contribution "${title}" to ${contribution.slot.id}`, limitMs: limits.callMs }, async (c) => {
      const node: unknown = await renderNow(c as never)
      if (node !== null && !isElement(node)) {
        throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${id}" answered contribution "${title}" with nothing that can be shown.`, { fix: 'Return an element, or null for nothing.' })
      }
      return { state: 'ready', html: renderToHtml(node, { locale: origin.locale satisfies Locale, csrfToken: origin.principal.csrfToken }) }
    })
  })
    // The runtime has logged and counted it; the page shows a calm notice.
    .catch((error: unknown): Failed => {
      const outage = outageOf(error)
      return { state: 'failed', ...(outage === undefined ? {} : { outage }) }
    })
  const content = budgetMs === undefined ? await rendering : await withinBudget(rendering, budgetMs)
  // It may go better next time.
  if (content.state !== 'ready') origin.reads?.beyond()
  return { ...shown, content }
}

async function withinBudget<Result>(work: Promise<Result>, budgetMs: number): Promise<Result | { readonly state: 'late' }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly state: 'late' }>()
  const timer = setTimeout(() => { resolve({ state: 'late' }) }, budgetMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
