import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context, FileRef, Invalid, Redirect } from '@liberacces/sdk'
import { describeSchemaErrors, parseFormFields, type Endpoint } from '@liberacces/sdk/host'
import { nothingHere } from '../refusal.ts'
import { pathOf } from '../request-path.ts'
import type { RequestContext } from '../request-context.ts'
import { admission, checkForgery } from './admission.ts'
import { addAddress, callOf, type AnyHandler, type EndpointSetup } from './endpoint-setup.ts'
import { fieldsOf, keepsFiles } from './form-fields.ts'
import { labelsOf, renderForm, type FormState } from './form-page.tsx'
import { PAGE_ANSWERS, withAnswers } from './handler-context.ts'
import { answerInvalid, kindOf, noticeOf } from './plugin-answer.ts'
import { addressReader, type CheckedAddress } from './request-input.ts'
import { requireFiles } from './require-files.ts'
import { compileSchema } from './schema-check.ts'
import { sendPage, sendRedirect, type RenderedContent } from './send-page.ts'
import { readForm, type SubmittedForm } from './submitted-form.ts'
import { uploadFields } from './upload-fields.ts'

type FormEndpoint = Extract<Endpoint, { kind: 'form' }>
type Values = Readonly<Record<string, unknown>>

type Outcome =
  | { readonly kind: 'again'; readonly rendered: RenderedContent }
  | { readonly kind: 'redirect'; readonly redirect: Redirect; readonly notice: string | undefined }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong' }

/** Registers a form: GET shows it, POST checks it and hands valid data to the plugin. */
export function addForm(setup: EndpointSetup, endpoint: FormEndpoint): void {
  const form = new FormEndpointHandler(setup, endpoint)
  const admit = admission(setup, endpoint)
  addAddress(setup, 'GET', endpoint.path, admit, (request, reply, context) => form.show(request, reply, context))
  addAddress(setup, 'POST', endpoint.path, admit, (request, reply, context) => form.submit(request, reply, context))
}

class FormEndpointHandler {
  readonly #setup: EndpointSetup
  readonly #endpoint: FormEndpoint
  readonly #readAddress: ReturnType<typeof addressReader>
  readonly #check
  readonly #uploads
  readonly #call

  constructor(setup: EndpointSetup, endpoint: FormEndpoint) {
    this.#setup = setup
    this.#endpoint = endpoint
    this.#call = callOf(setup, endpoint)
    this.#readAddress = addressReader(endpoint)
    this.#check = compileSchema(endpoint.schema)
    this.#uploads = uploadFields(endpoint.schema)
  }

  async show(request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<unknown> {
    const input = this.#readAddress(request)
    const path = pathOf(request.raw.url ?? '')
    const rendered = await this.#inCall(context, async (c) => {
      const values = await this.#initial(c, input)
      return values === undefined ? undefined : this.#render(c, context, { values, path })
    })
    if (rendered === undefined) throw nothingHere()
    return sendPage(this.#setup, this.#endpoint, request, reply, context, rendered)
  }

  /** A file that came with a form which did not go through is of no use to anybody: it is removed again. */
  async submit(request: FastifyRequest, reply: FastifyReply, context: RequestContext): Promise<unknown> {
    const { ports, release } = this.#setup
    const key = { tenantId: context.tenant.id, pluginId: release.manifest.id }
    const stored: FileRef[] = []
    let done = false
    try {
      const input = this.#readAddress(request)
      if (this.#uploads.length > 0 && request.isMultipart()) await requireFiles(this.#setup, context)
      const form = await readForm(request, {
        files: ports.files, key, uploads: this.#uploads, locale: context.locale,
        checkToken: (token) => { checkForgery(ports.csrf, request, context, token) },
        stored: (file) => { stored.push(file) },
      })
      const outcome = await this.#inCall(context, (c) => this.#decide(c, context, input, form, pathOf(request.raw.url ?? '')))
      switch (outcome.kind) {
        case 'redirect': {
          const answer = sendRedirect(this.#setup, this.#call.what, reply, context, outcome.redirect, outcome.notice)
          done = true
          return answer
        }
        case 'again': return await sendPage(this.#setup, this.#endpoint, request, reply, context, outcome.rendered, 422)
        case 'not-found': throw nothingHere()
        case 'wrong': throw answerInvalid(release, this.#call.what, 'it answered with nothing that a form can answer.', 'Return c.redirect(…), c.invalid(…) or c.notFound().')
        default: return outcome satisfies never
      }
    } finally {
      if (!done) await this.#forget(key, stored)
    }
  }

  async #decide(c: Context, context: RequestContext, input: CheckedAddress, form: SubmittedForm, path: string): Promise<Outcome> {
    const { release } = this.#setup
    const { schema } = this.#endpoint
    const initial = keepsFiles(form, this.#uploads) ? await this.#initial(c, input) : {}
    const data = parseFormFields(schema, fieldsOf(form, this.#uploads, initial))
    const again = (errors: Readonly<Record<string, string>>): Outcome => {
      // Without the new files: they are gone when the person sees this.
      const values = parseFormFields(schema, fieldsOf({ ...form, files: new Map() }, this.#uploads, initial)) as Values
      return { kind: 'again', rendered: this.#render(c, context, { values, errors, path }) }
    }
    if (form.errors.size > 0 || !this.#check.fits(data)) {
      const wrong = describeSchemaErrors(schema, data, context.locale, labelsOf(c, release))
      return again({ ...wrong, ...Object.fromEntries(form.errors) })
    }
    const handler = this.#endpoint.handler as unknown as AnyHandler
    const answer = await handler(withAnswers(c, PAGE_ANSWERS), data, input)
    switch (kindOf(answer)) {
      case 'redirect': return { kind: 'redirect', redirect: answer as Redirect, notice: noticeOf(c, answer as Redirect) }
      case 'not-found': return { kind: 'not-found' }
      case 'invalid': return again((answer as Invalid).errors)
      default: return { kind: 'wrong' }
    }
  }

  /** `undefined`: the plugin says that there is nothing to show here. */
  async #initial(c: Context, input: CheckedAddress): Promise<Values | undefined> {
    const { initial } = this.#endpoint
    if (initial === undefined) return {}
    return (await (initial as unknown as AnyHandler)(withAnswers(c, PAGE_ANSWERS), input)) as Values | undefined
  }

  #render(c: Context, context: RequestContext, state: FormState): RenderedContent {
    return renderForm(c, this.#setup.release, this.#endpoint, context, state)
  }

  #inCall<Result>(context: RequestContext, body: (c: Context) => Promise<Result>): Promise<Result> {
    return this.#setup.ports.runtime.call(this.#setup.release, context, this.#call, body)
  }

  async #forget(key: { readonly tenantId: string; readonly pluginId: string }, stored: readonly FileRef[]): Promise<void> {
    const { files, log } = this.#setup.ports
    for (const { id } of stored) {
      await files.delete(key, id).catch((error: unknown) => { log.error({ err: error, plugin: key.pluginId }, 'A file of a form that did not go through could not be removed.') })
    }
  }
}
