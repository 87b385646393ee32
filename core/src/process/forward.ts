import type { Context } from '@liberacces/sdk'
import { trustedHtml, type VNode } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { ForeignPlace } from '../pages/foreign/foreign-place.ts'
import { CallContext } from '../runtime/call-context.ts'
import { fits } from '../validation.ts'
import { EndpointAnswer, type WorkerFacts } from './protocol.ts'
import type { Forward } from './restore-plugin.ts'
import type { PluginRunner } from './running-plugin.ts'

/** Makes HTML of others harmless. */
export type Sanitize = (html: string, place: ForeignPlace) => string

/**
 * Hands calls on to where the plugin runs, and looks at what comes back of its endpoints.
 * @param csrfToken - stands in its HTML where the reader's own token goes, which a plugin never learns
 */
export function createForward(runner: PluginRunner, csrfToken: string, sanitize: Sanitize): Forward {
  const shown = (html: string, c: Context, place: ForeignPlace['place']): VNode => {
    const { release: { manifest }, origin: { principal }, ports, origin } = CallContext.insideOf(c)
    const path = `/apps/${manifest.path}/`
    const since = performance.now()
    try {
      return trustedHtml(sanitize(html, {
        place, formsTo: principal.entry?.kind === 'share' ? [path, ports.baseUrl(origin) + path] : [path], token: { standIn: csrfToken, token: principal.csrfToken },
      }))
    } finally {
      runner.tookToRead?.(performance.now() - since)
    }
  }
  return {
    call: (target, c, input) => runner.call(target, input, { c }),
    async endpoint(target, c, input) {
      const answer: unknown = (await runner.call(target, input, { c })) ?? null
      if (!fits(EndpointAnswer, answer)) {
        const { id, version } = CallContext.insideOf(c).release.manifest
        throw new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${id}" ${version} answered with nothing that an answer can be.`, { fix: 'The plugin must be mended; tell its publisher.' })
      }
      if (answer?.kind === 'html') {
        const content = shown(answer.html, c, target.at === 'contribution' ? 'part' : 'page')
        return answer.title === undefined ? content : { kind: 'page', title: answer.title, content }
      }
      // Nothing, or nothing that an answer can be: whoever asked says so.
      return answer ?? undefined
    },
    async migrate(target, db) {
      await runner.call(target, undefined, { db })
    },
    async work(target, w) {
      const facts: WorkerFacts = { tenant: w.tenant, settings: w.settings, now: w.now().getTime() }
      await runner.call(target, facts, { w })
    },
  }
}
