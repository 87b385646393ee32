import type { Context, Redirect } from '@liberacces/sdk'
import { PlatformError } from '../../errors.ts'
import type { LoadedRelease } from '../../runtime/release.ts'

/** A plugin answered with something it did not declare. */
export function answerInvalid(release: LoadedRelease, what: string, problem: string, fix: string, fields?: Readonly<Record<string, string>>): PlatformError {
  return new PlatformError('PLUGIN_ANSWER_INVALID', `Plugin "${release.manifest.id}" ${release.manifest.version}, ${what}: ${problem}`, {
    fix, ...(fields === undefined ? {} : { fields }),
  })
}

/** The kind of an answer made by `c.reply` and the like; `undefined` for anything else. */
export function kindOf(answer: unknown): string | undefined {
  const kind = typeof answer === 'object' && answer !== null ? (answer as { readonly kind?: unknown }).kind : undefined
  return typeof kind === 'string' ? kind : undefined
}

/**
 * Where a redirect leads: a path of the plugin itself, whether written alone or made by `c.url`.
 * @throws PlatformError `PLUGIN_ANSWER_INVALID` for anything else, another site above all
 */
export function targetOf(release: LoadedRelease, what: string, { to }: Redirect): string {
  const base = `/apps/${release.manifest.path}`
  if (typeof to !== 'string' || !to.startsWith('/') || /^\/[/\\]|[\0-\x20\x7f\\]/.test(to)) {
    throw answerInvalid(release, what, 'it redirects to something that is no path of its own.', 'Redirect to a path inside the plugin, such as "/articles".')
  }
  const path = to === base || to.startsWith(`${base}/`) ? to : base + to
  return path.toWellFormed().replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)
}

/** The notice in the reader's language: only within the call are the plugin's messages at hand. */
export function noticeOf(c: Context, { notice }: Redirect): string | undefined {
  return notice === undefined ? undefined : c.t(notice)
}
