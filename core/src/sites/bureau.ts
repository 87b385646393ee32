import { jsx } from '@liberacces/sdk/jsx-runtime'
import { BureauTile } from '@liberacces/sdk/slots'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { requestContext } from '../http/request-context.ts'
import { nothingHere } from '../http/refusal.ts'
import { BUREAU_OPEN } from '../identity/kernel-permissions.ts'
import { BureauArrangePage } from '../pages/bureau-arrange.tsx'
import { BureauPage } from '../pages/bureau.tsx'
import { SlotFrame, type IconName } from '../pages/slot.tsx'
import { translator } from '../pages/translate.ts'
import { translatorOf } from '../runtime/messages.ts'
import { MOVES } from '../slots/layouts.ts'
import { renderContribution, renderSlot, visibleContributions } from '../slots/render-slot.ts'
import { Choice } from '@liberacces/sdk'
import { requirePermission } from './access.ts'
import { framedAnswer } from './frame.ts'
import { keptAnswer } from './kept-answer.ts'
import { outageInWords } from './outage-in-words.ts'
import { readForm } from './read-form.ts'
import type { SiteServices } from './site-services.ts'
import { slotItem } from './slot-item.ts'

const MoveForm = Type.Object({ tile: Type.String({ maxLength: 200 }), move: Choice(MOVES) })

/** The Bureau virtuel: an agent's tiles, arranged by the agent, and each contribution by itself for those that come late. */
export function registerBureau(instance: FastifyInstance, services: SiteServices): void {
  instance.get('/bureau', (request, reply) => {
    requirePermission(requestContext(request.raw), BUREAU_OPEN)
    return keptAnswer(services, request, reply, async (origin) => {
      const visible = visibleContributions(services.installations.modules(origin.tenant.id), BureauTile, origin)
      const placed = await services.layouts.arrange(origin.principal.id, BureauTile.id, visible)
      const tiles = await renderSlot(services, BureauTile, placed.flatMap(({ contribution, hidden }) => (hidden ? [] : [contribution])), origin)
      return {
        area: 'bureau',
        title: translator(origin.locale)('shell.area.bureau'),
        body: jsx(BureauPage, { actorName: origin.principal.name, tiles: tiles.map((tile) => slotItem(tile, outageInWords(services, origin.locale))) }),
      }
    })
  })

  instance.get('/bureau/organiser', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, BUREAU_OPEN)
    const visible = visibleContributions(services.installations.modules(context.tenant.id), BureauTile, context)
    const placed = await services.layouts.arrange(context.principal.id, BureauTile.id, visible)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: 'bureau',
      title: translator(context.locale)('arrange.title'),
      body: jsx(BureauArrangePage, {
        tiles: placed.map(({ contribution, hidden }) => ({
          id: contribution.key, title: translatorOf(contribution.release, context.locale)(contribution.title), icon: contribution.data['icon'] as IconName, hidden,
        })),
      }),
    }))
  })

  instance.post('/bureau/organiser', async (request, reply) => {
    const context = requestContext(request.raw)
    requirePermission(context, BUREAU_OPEN)
    const { tile, move } = readForm(services, request, MoveForm)
    const visible = visibleContributions(services.installations.modules(context.tenant.id), BureauTile, context)
    await services.layouts.move(context.principal.id, BureauTile.id, visible, tile, move)
    return reply.code(303).header('location', '/bureau/organiser').send()
  })

  instance.get<{ Params: { key: string } }>('/contributions/:key', async (request, reply) => {
    const context = requestContext(request.raw)
    const modules = services.installations.modules(context.tenant.id)
    const contribution = [...modules.contributions.values()].flat().find(({ key }) => key === request.params.key)
    if (contribution === undefined || !visibleContributions(modules, contribution.slot, context).includes(contribution)) throw nothingHere()
    if (contribution.slot.id === BureauTile.id) requirePermission(context, BUREAU_OPEN)
    const { key, title, content } = await renderContribution(services, contribution, context)
    return reply.type('text/html; charset=utf-8').send(framedAnswer(services, request.raw, reply.raw, {
      area: contribution.slot.id === BureauTile.id ? 'bureau' : 'guichet',
      title,
      body: jsx(SlotFrame, { id: key, title, html: content.state === 'ready' ? content.html : undefined, ...(content.state === 'failed' && content.outage !== undefined ? { outage: outageInWords(services, context.locale)(content.outage) } : {}) }),
    }))
  })
}
