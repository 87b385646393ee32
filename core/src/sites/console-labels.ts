import multipart from '@fastify/multipart'
import { jsx } from '@liberacces/sdk/jsx-runtime'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PlatformError } from '../errors.ts'
import { sendNotice } from '../http/notice-cookie.ts'
import { nothingHere } from '../http/refusal.ts'
import { requestContext, type RequestContext } from '../http/request-context.ts'
import { actorOf } from '../identity/audit-actor.ts'
import { TENANTS_MANAGE } from '../identity/kernel-permissions.ts'
import { MOST_ENVELOPE_BYTES, readEnvelope } from '../labels/dsse.ts'
import { labelFault } from '../labels/label-fault.ts'
import { LabelPolicySchema } from '../labels/label-policy.ts'
import { readTrustRoot, ROOT_TYPE } from '../labels/trust-root.ts'
import { ConsoleLabelsPage, type ConsoleLabelsPageProps } from '../pages/console-labels.tsx'
import { translator } from '../pages/translate.ts'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { readForm, tryReadForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'

const DecisionForm = Type.Object({ version: Type.String({ maxLength: 100 }), decision: Type.Union([Type.Literal('continue'), Type.Literal('stop')]), reason: Type.String({ maxLength: 1_000 }) })

/** The Pool's pages of labels: the policy, the way in for newer lists, and decisions about what was suspended or revoked. */
export function registerConsoleLabels(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/labels', (request, reply) => page(request, reply, ask(request)))

  instance.post('/labels/regles', async (request, reply) => {
    const context = ask(request)
    const reading = tryReadForm(services, request, LabelPolicySchema)
    if (!reading.ok) return page(request, reply.code(422), context, reading.errors['statusMaxAgeDays'] === undefined ? {} : { daysError: reading.errors['statusMaxAgeDays'] })
    await services.labels.setPolicy(reading.data, actorOf(context))
    sendNotice(services.notices, reply.raw, context, translator(context.locale)('labels.policy.saved'))
    return reply.code(303).header('location', '/labels').send()
  })

  instance.post<{ Params: { id: string } }>('/modules/:id/label', async (request, reply) => {
    const context = ask(request)
    const { version, decision, reason } = readForm(services, request, DecisionForm)
    await services.labels.decide({ id: request.params.id, version }, decision, reason, actorOf(context))
    return reply.code(303).header('location', `/modules/${encodeURIComponent(request.params.id)}`).send()
  })

  void instance.register(async (uploads) => {
    await uploads.register(multipart, { throwFileSizeLimit: false, limits: { fieldNameSize: 100, fieldSize: 10_000, fields: 5, files: 1, parts: 6, fileSize: MOST_ENVELOPE_BYTES } })
    uploads.post('/labels/fichier', async (request, reply) => {
      const context = ask(request)
      const bytes = await uploaded(request, context)
      try {
        await takeIn(bytes, context)
      } catch (error) {
        if (!(error instanceof PlatformError) || !error.code.startsWith('LABEL_')) throw error
        return page(request, reply.code(422), context, { refused: { message: error.message, fix: error.fix, code: error.code } })
      }
      sendNotice(services.notices, reply.raw, context, translator(context.locale)('labels.file.taken'))
      return reply.code(303).header('location', '/labels').send()
    })
  })

  /** A newer list, or the newer root of a certifier that is trusted: whom to trust first is decided where the fingerprint can be given. */
  async function takeIn(bytes: Buffer, context: RequestContext): Promise<void> {
    if (readEnvelope(bytes, 'The file').payloadType !== ROOT_TYPE) {
      await services.labels.update(bytes, actorOf(context))
      return
    }
    const { id, name } = readTrustRoot(bytes)
    if (!(await services.labels.trusted()).roots.some((root) => root.id === id)) throw labelFault('LABEL_ROOT_UNKNOWN', `${name} is not trusted here yet.`, 'Whom to trust is decided on the machine, with the fingerprint: `liberacces label trust FILE --fingerprint …`.')
    await services.labels.trust(bytes, undefined, actorOf(context))
  }

  /** The token stands before the file: nothing is read for a request that cannot show it. */
  async function uploaded(request: FastifyRequest, { principal }: RequestContext): Promise<Buffer> {
    if (!request.isMultipart()) throw new PlatformError('MEDIA_TYPE_UNSUPPORTED', 'A file is sent as multipart/form-data.', { fix: 'Open the page and send it from there.' })
    let token: string | undefined
    let bytes: Buffer | undefined
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.fieldname === '_csrf' && typeof part.value === 'string') token = part.value
        continue
      }
      if (principal.via === 'cookie' && !services.csrf.check(request.raw, principal, token)) throw new PlatformError('CSRF_REFUSED', 'This request does not prove that it comes from our own page.', { fix: 'Open the page again and send it from there.' })
      bytes = await part.toBuffer()
      if (part.file.truncated) throw new PlatformError('BODY_TOO_LARGE', `The file is larger than ${MOST_ENVELOPE_BYTES} bytes.`, { fix: 'Give a status list or a root of trust.' })
    }
    if (bytes === undefined) throw new PlatformError('REQUEST_INVALID', 'No file was sent.', { fix: 'Choose one, then send it.' })
    return bytes
  }

  async function page(request: FastifyRequest, reply: FastifyReply, context: RequestContext, more: Pick<ConsoleLabelsPageProps, 'daysError' | 'refused'> = {}): Promise<FastifyReply> {
    const [policy, { roots, lists }] = await Promise.all([services.labels.policy(), services.labels.trusted()])
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'console',
      title: translator(context.locale)('labels.title'),
      body: jsx(ConsoleLabelsPage, {
        policy, ...more,
        roots: roots.map(({ id, name, version, expires, fingerprint }) => ({ id, name, version, expires, fingerprint })),
        lists: lists.map(({ uri, version, issued }) => ({ uri, version, issued })),
      }),
    }))
  }

  function ask(request: FastifyRequest): RequestContext {
    const context = requestContext(request.raw)
    if (context.tenant.info.kind !== 'pool') throw nothingHere()
    requirePermission(context, TENANTS_MANAGE)
    return context
  }
}
