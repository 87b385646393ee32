import type { Context, MessageValues } from '@liberacces/sdk'
import { renderToHtml, type Endpoint, type FieldLabels } from '@liberacces/sdk/host'
import { Page, SchemaForm } from '@liberacces/sdk/ui'
import { textIn } from '../../localized-text.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { RequestContext } from '../request-context.ts'
import { pagesAbove } from './pages-above.ts'
import type { RenderedContent } from './send-page.ts'

type FormEndpoint = Extract<Endpoint, { kind: 'form' }>

/** What a form shows. */
export interface FormState {
  readonly values: Readonly<Record<string, unknown>>
  readonly errors?: Readonly<Record<string, string>>
  /** Path of the request, without its query: the pages above it are the way back. */
  readonly path: string
}

/** A plugin's message where it has one: labels may be missing, and then come from the schema. */
export function labelsOf(c: Context, { plugin }: LoadedRelease): FieldLabels {
  return (key) => (Object.hasOwn(plugin.messages.fr, key) ? c.t(key) : undefined)
}

/** Renders a form's page. Labels are the plugin's messages, so it is done within a call. */
export function renderForm(c: Context, release: LoadedRelease, endpoint: FormEndpoint, context: RequestContext, { values, errors = {}, path }: FormState): RenderedContent {
  const { locale, principal } = context
  const title = endpoint.title === undefined ? (endpoint.schema.title ?? textIn(locale, release.plugin.title)) : c.t(endpoint.title)
  const submitLabel = endpoint.submit === undefined ? (locale === 'fr' ? 'Enregistrer' : 'Save') : c.t(endpoint.submit)
  const content = (
    <Page title={title} breadcrumb={pagesAbove(release, endpoint, context, path)} {...(endpoint.intro === undefined ? {} : { intro: c.t(endpoint.intro, textsOf(endpoint, values)) })}>
      <SchemaForm schema={endpoint.schema} values={values} errors={errors} label={labelsOf(c, release)} submitLabel={submitLabel} />
    </Page>
  )
  return { title, content: renderToHtml(content, { locale, csrfToken: principal.csrfToken }) }
}

/** What an intro may name: each field of the form with what it holds, empty where it holds nothing that can be read. */
function textsOf({ schema }: FormEndpoint, values: FormState['values']): MessageValues {
  return Object.fromEntries(Object.keys(schema.properties).map((name) => {
    const value = values[name]
    return [name, typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : '']
  }))
}
