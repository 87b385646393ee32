import type { Context, MigrationTables, Plugin, Migrations } from '@liberacces/sdk'
import { renderToHtml, type Registrations, type VNode } from '@liberacces/sdk/host'
import type { Kysely } from 'kysely'
import { seededChance } from '../../demo/demo-chance.ts'
import { PAGE_ANSWERS, ROUTE_ANSWERS, withAnswers } from '../../http/endpoints/handler-context.ts'
import { isElement } from '../../runtime/element.ts'
import type { EndpointAnswer, Hello, Target } from '../protocol.ts'

type Run = (c: unknown, ...input: readonly unknown[]) => unknown

/** What a call is run with. */
export interface TargetDeps {
  readonly plugin: Plugin
  readonly registrations: Registrations
  readonly context: () => Context
  readonly migrating: (dialect: Hello['dialect']) => Kysely<MigrationTables>
  /** Stands for the token against forged requests. */
  readonly csrfToken: string
  /** What a worker wants done, by its run and the number it gave it. */
  readonly piece: (work: number, piece: number) => ((c: Context) => Promise<void>) | undefined
}

/** Runs what a call is about. @returns what crosses as its result */
export async function runTarget({ plugin, registrations, context, migrating, csrfToken, piece }: TargetDeps, target: Exclude<Target, { readonly at: 'worker' }>, input: unknown): Promise<unknown> {
  const run = (handler: unknown, c: Context, ...given: readonly unknown[]): unknown => (present(handler, target) as Run)(c, ...given)
  switch (target.at) {
    case 'endpoint': {
      const endpoint = at(registrations.endpoints, target)
      const c = withAnswers(context(), endpoint.kind === 'route' ? ROUTE_ANSWERS : PAGE_ANSWERS)
      const { data, address } = (input ?? {}) as { readonly data?: unknown; readonly address?: unknown }
      const answer = await (endpoint.kind === 'form' ? run(endpoint.handler, c, data, address) : run(endpoint.handler, c, input))
      return answerOf(answer, c, csrfToken)
    }
    case 'initial': {
      const endpoint = at(registrations.endpoints, target)
      return run(endpoint.kind === 'form' ? endpoint.initial : undefined, withAnswers(context(), PAGE_ANSWERS), input)
    }
    case 'contribution': {
      const c = context()
      const node: unknown = await run(at(registrations.contributions, target).render, c)
      return node === null ? { kind: 'html', html: '' } : answerOf(node, c, csrfToken)
    }
    case 'handler': return run(at(registrations.handlers, target).handler, context(), input)
    case 'schedule': return run(at(registrations.schedules, target).run, context())
    case 'command': return run(at(registrations.commands, target).run, context(), input)
    case 'service': {
      const { handlers } = at(registrations.services, target)
      const found = (handlers as (c: unknown) => Readonly<Record<string, (input: unknown) => unknown>>)(context())
      if (!Object.hasOwn(found, target.operation)) throw new Error(`The provider implements no "${target.operation}".`)
      return found[target.operation]?.(input)
    }
    case 'privacy': return run(plugin.privacy[target.what], context(), input)
    case 'migration': {
      const migration = ((plugin.migrations ?? {}) as Migrations)[target.name]
      await present(migration, target)[target.way](migrating(target.dialect))
      return undefined
    }
    case 'check': return run(plugin.check, context())
    case 'demo': {
      const c = context()
      return run(plugin.demo, Object.assign(c, { random: seededChance(`${c.tenant.slug} ${plugin.id}`) }))
    }
    case 'piece': return present(piece(target.work, target.piece), target)(context())
    default: return target satisfies never
  }
}

/** Elements are rendered here, where their components are. What is none of the answers there are crosses as nothing. */
function answerOf(answer: unknown, { locale }: Context, csrfToken: string): EndpointAnswer {
  const html = (node: VNode, title?: string): EndpointAnswer => ({ kind: 'html', html: renderToHtml(node, { locale, csrfToken }), ...(title === undefined ? {} : { title }) })
  if (typeof answer !== 'object' || answer === null) return null
  const { kind, title, content } = answer as { readonly kind?: unknown; readonly title?: unknown; readonly content?: unknown }
  if (kind === 'page') return isElement(content) && typeof title === 'string' ? html(content, title) : null
  if (typeof kind === 'string') return plain(answer) as EndpointAnswer
  return isElement(answer) ? html(answer) : null
}

/** Without what is undefined: an answer says only what it has. */
function plain(answer: object): object {
  const values = Object.values(answer)
  if (!values.includes(undefined)) return answer
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined))
}

function at<Each>(list: readonly Each[], target: { readonly index: number }): Each {
  return present(list[target.index], target)
}

function present<Value>(value: Value | undefined, target: object): Value {
  if (value === undefined) throw new Error(`This plugin has no ${JSON.stringify(target)}.`)
  return value
}

