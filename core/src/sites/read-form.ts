import type { Static, TObject } from '@sinclair/typebox'
import { describeSchemaErrors, parseFormFields } from '@liberacces/sdk/host'
import type { FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { requestContext } from '../http/request-context.ts'
import { fits } from '../validation.ts'
import type { SiteServices } from './site-services.ts'

/** A submitted form of the kernel's own: proven to come from our page, then read by its schema; or the errors by field. */
export type FormReading<Schema extends TObject> = { readonly ok: true; readonly data: Static<Schema> } | { readonly ok: false; readonly errors: Readonly<Record<string, string>> }

/**
 * Reads a form that people fill in.
 * @throws PlatformError `CSRF_REFUSED` when it does not prove that it comes from our own page
 */
export function tryReadForm<Schema extends TObject>(services: Pick<SiteServices, 'csrf'>, request: FastifyRequest, schema: Schema, label: (key: string) => string | undefined = () => undefined): FormReading<Schema> {
  const { principal, locale } = requestContext(request.raw)
  const fields = fieldsOf(request.body)
  const token = fields['_csrf']
  if (principal.via === 'cookie' && !services.csrf.check(request.raw, principal, typeof token === 'string' ? token : undefined)) {
    throw new PlatformError('CSRF_REFUSED', 'This request does not prove that it comes from our own page.', { fix: 'Open the page again and send it from there.' })
  }
  const value = parseFormFields(schema, fields)
  return fits(schema, value) ? { ok: true, data: value } : { ok: false, errors: describeSchemaErrors(schema, value, locale, label) }
}

/**
 * Reads a form that consists of buttons: what does not fit was not made by our page.
 * @throws PlatformError `CSRF_REFUSED`, `REQUEST_INVALID`
 */
export function readForm<Schema extends TObject>(services: Pick<SiteServices, 'csrf'>, request: FastifyRequest, schema: Schema): Static<Schema> {
  const reading = tryReadForm(services, request, schema)
  if (!reading.ok) throw new PlatformError('REQUEST_INVALID', 'The form does not have the fields it should.', { fix: 'Open the page again and send it from there.', fields: reading.errors })
  return reading.data
}

function fieldsOf(body: unknown): Record<string, string | string[]> {
  if (!(body instanceof URLSearchParams)) return {}
  return Object.fromEntries([...new Set(body.keys())].map((name) => {
    const values = body.getAll(name)
    return [name, values.length === 1 ? (values[0] ?? '') : values]
  }))
}
