import type { Locale } from '@liberacces/sdk'
import { renderToHtml } from '@liberacces/sdk/host'
import { describe, expect, test } from 'vitest'
import { CODES, type Code } from '../../src/errors.ts'
import { statusOf } from '../../src/http/status-codes.ts'
import { errorWords } from '../../src/pages/error-words.ts'
import { ErrorPage, errorTitleKey, type ErrorPageProps } from '../../src/pages/error.tsx'
import { KernelProblem } from '../../src/pages/kernel-problem.tsx'
import en from '../../src/pages/messages/en.json' with { type: 'json' }
import fr from '../../src/pages/messages/fr.json' with { type: 'json' }
import { translator } from '../../src/pages/translate.ts'

const ALL = Object.keys(CODES) as readonly Code[]
/** What a status says as well as any words could. */
const BY_STATUS: readonly Code[] = ['AUTH_REQUIRED', 'HOST_UNKNOWN', 'INTERNAL', 'LOGIN_THROTTLED', 'NOT_FOUND', 'PERMISSION_DENIED', 'QUOTA_EXCEEDED', 'REQUEST_INVALID', 'UNAVAILABLE']

const page = (props: ErrorPageProps, locale: Locale = 'fr') => renderToHtml(<ErrorPage {...props} />, { locale, csrfToken: '' })
const heading = (html: string) => /<h1>(.*?)<\/h1>/.exec(html)?.[1]?.replaceAll('&#39;', '’')

describe('the words of errors', () => {
  test('[R260] every code that can reach a page says what it is and what to do, in both languages, beside those whose status says it all', () => {
    expect(ALL.filter((code) => errorWords(code) === undefined).toSorted()).toEqual(BY_STATUS)
    for (const code of ALL) {
      for (const locale of ['fr', 'en'] as const) {
        const html = page({ status: statusOf(code), code, isStaff: true, traceId: 'abc' }, locale)
        expect([code, locale, heading(html)]).toEqual([code, locale, translator(locale)(errorTitleKey(statusOf(code), code, true))])
        expect(html).toContain(`<code>${code}</code>`)
        expect(html).not.toMatch(/error\.(?:code|advice|\d)/)
      }
    }
  })

  test('[R260] French ones are French: none is left as it is in English, and their signs have the spaces that do not break', () => {
    const keys = (Object.keys(fr) as (keyof typeof fr)[]).filter((key) => key.startsWith('error.'))
    expect(keys.filter((key) => fr[key] === en[key])).toEqual([])
    expect(keys.filter((key) => / [:;!?»]|« /.test(fr[key]))).toEqual([])
    expect(new Set(ALL.flatMap((code) => errorWords(code)?.title ?? []).map((key) => fr[key])).size).toBe(ALL.length - BY_STATUS.length)
  })

  test('[R261] a failure inside is a service that does not answer to whoever comes from outside, and is told by name to those who work here', () => {
    expect(heading(page({ status: 500, code: 'MIGRATION_FAILED' }))).toBe('Erreur du service')
    expect(heading(page({ status: 500, code: 'MIGRATION_FAILED', isStaff: true }))).toBe('La mise à niveau des données a échoué\u00a0; les tables sont comme avant')
    expect(heading(page({ status: 403, code: 'CSRF_REFUSED' }))).toBe('Le formulaire n’est plus valable')
    expect(heading(page({ status: 429, code: 'QUOTA_EXCEEDED' }))).toBe('Quota du jour épuisé')
    expect(heading(page({ status: 418 }))).toBe('Demande refusée')
  })

  test('[R261] the kernel’s own sentence is folded away and marked as English; a code that nobody knows is shown as it came', () => {
    const html = (code: string) => renderToHtml(<KernelProblem code={code} message={'Plugin "a" is needed by "b"'} fix="Switch that off first." />, { locale: 'fr', csrfToken: '' })
    expect(html('PLUGIN_NEEDED')).toBe('<p>D’autres modules ont besoin de celui-ci. Rien n’a été changé. Désactivez d’abord ce qui en dépend, puis recommencez. <code>PLUGIN_NEEDED</code></p>'
      + '<details><summary>Détail technique, en anglais</summary><p lang="en">Plugin &quot;a&quot; is needed by &quot;b&quot;. Switch that off first.</p></details>')
    expect(html('toString')).toBe('<p><span lang="en">Plugin &quot;a&quot; is needed by &quot;b&quot;. Switch that off first.</span> <code>toString</code></p>')
  })
})
