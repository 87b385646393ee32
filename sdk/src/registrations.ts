import type { TObject, TSchema } from '@sinclair/typebox'
import type { CommandSpec } from './command.ts'
import type { PageScript, Registrar } from './registrar.ts'
import type { EventContract } from './event.ts'
import type { Plugin } from './plugin.ts'
import type { PluginTypes } from './plugin-types.ts'
import type { Service } from './service.ts'
import type { Audience, Slot } from './slot.ts'

/** A handler whose context and input were typed where it was written; the runtime calls it with both. */
export type Handler = (c: never, ...input: never[]) => unknown

/** What every endpoint says: where it is and who may come. */
export interface Addressed {
  readonly path: string
  readonly params?: TObject
  readonly query?: TObject
  readonly audience: Audience
  readonly permission?: string
}

/** A registered route, page, form or action, its handler and what it declared. */
export type Endpoint =
  | (Addressed & { readonly kind: 'route'; readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; readonly summary: string; readonly body?: TSchema; readonly response: Readonly<Record<number, TSchema>>; readonly timeoutMs?: number; readonly handler: Handler })
  | (Addressed & { readonly kind: 'page'; readonly title: string; readonly menu?: number; readonly browser?: PageScript; readonly handler: Handler })
  | (Addressed & { readonly kind: 'form'; readonly schema: TObject; readonly title?: string; readonly intro?: string; readonly submit?: string; readonly menu?: number; readonly handler: Handler; readonly initial?: Handler })
  | (Addressed & { readonly kind: 'action'; readonly handler: Handler })

/** A registered contribution to a slot. */
export interface RegisteredContribution {
  readonly slot: Slot
  readonly title: string
  readonly order: number
  readonly permission?: string
  /** The slot's own data, unchecked. */
  readonly data: Readonly<Record<string, unknown>>
  readonly render?: Handler
}

/** A registered event handler. */
export interface RegisteredHandler {
  readonly id: string
  /** `any`: every event of the tenant. */
  readonly event: EventContract | 'any'
  readonly timeoutMs?: number
  readonly handler: Handler
}

/** A registered schedule. */
export interface RegisteredSchedule {
  readonly id: string
  readonly cron: string
  readonly timeoutMs: number
  readonly run: Handler
}

/** A registered worker. */
export interface RegisteredWorker {
  readonly id: string
  readonly run: Handler
}

/** A registered command of the operator's command line. */
export interface RegisteredCommand extends CommandSpec {
  readonly run: Handler
}

/** A provided service. */
export interface RegisteredService {
  readonly service: Service
  readonly handlers: (c: never) => Readonly<Record<string, (input: never) => unknown>>
}

/** All that one plugin's `setup` registered, in the order it did. */
export interface Registrations {
  readonly endpoints: readonly Endpoint[]
  readonly contributions: readonly RegisteredContribution[]
  readonly handlers: readonly RegisteredHandler[]
  readonly schedules: readonly RegisteredSchedule[]
  readonly services: readonly RegisteredService[]
  readonly workers: readonly RegisteredWorker[]
  readonly commands: readonly RegisteredCommand[]
}

/**
 * Runs a plugin's `setup` and returns what it registered. The registrar refuses whatever comes after `setup` returned.
 * @throws whatever `setup` throws; Error when `setup` is asynchronous or registers too late
 */
export function collectRegistrations(plugin: Plugin): Registrations {
  const endpoints: Endpoint[] = []
  const contributions: RegisteredContribution[] = []
  const handlers: RegisteredHandler[] = []
  const schedules: RegisteredSchedule[] = []
  const services: RegisteredService[] = []
  const workers: RegisteredWorker[] = []
  const commands: RegisteredCommand[] = []
  let open = true
  const whileOpen = <Args extends readonly unknown[]>(register: (...args: Args) => void) => (...args: Args): void => {
    if (!open) throw new Error(`Plugin "${plugin.id}" registers after setup() returned. Register everything within setup().`)
    register(...args)
  }
  const registrar: { readonly [Name in keyof Registrar<PluginTypes>]: (...args: never[]) => void } = {
    route: whileOpen((spec: Omit<Extract<Endpoint, { kind: 'route' }>, 'kind' | 'handler'>, handler: Handler) => { endpoints.push({ ...spec, kind: 'route', handler }) }),
    page: whileOpen((spec: Omit<Extract<Endpoint, { kind: 'page' }>, 'kind' | 'handler'>, handler: Handler) => { endpoints.push({ ...spec, kind: 'page', handler }) }),
    form: whileOpen((spec: Omit<Extract<Endpoint, { kind: 'form' }>, 'kind' | 'handler' | 'initial'>, handler: Handler, initial?: Handler) => {
      endpoints.push({ ...spec, kind: 'form', handler, ...(initial === undefined ? {} : { initial }) })
    }),
    action: whileOpen((spec: Omit<Extract<Endpoint, { kind: 'action' }>, 'kind' | 'handler'>, handler: Handler) => { endpoints.push({ ...spec, kind: 'action', handler }) }),
    contribute: whileOpen((slot: Slot, { title, order, permission, render, ...data }: { title: string; order?: number; permission?: string; render?: Handler }) => {
      contributions.push({ slot, title, order: order ?? 100, data, ...(permission === undefined ? {} : { permission }), ...(render === undefined ? {} : { render }) })
    }),
    on: whileOpen((event: EventContract, handler: Handler, options: { id?: string; timeoutMs?: number } = {}) => {
      handlers.push({ id: options.id ?? event.id, event, handler, ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }) })
    }),
    onAny: whileOpen((handler: Handler, { id, timeoutMs }: { id: string; timeoutMs?: number }) => {
      handlers.push({ id, event: 'any', handler, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
    }),
    worker: whileOpen(({ id }: { id: string }, run: Handler) => { workers.push({ id, run }) }),
    command: whileOpen((spec: CommandSpec, run: Handler) => { commands.push({ ...spec, run }) }),
    schedule: whileOpen((spec: { id: string; cron: string; timeoutMs: number }, run: Handler) => { schedules.push({ ...spec, run }) }),
    provide: whileOpen((service: Service, make: RegisteredService['handlers']) => { services.push({ service, handlers: make }) }),
  }
  try {
    const result: unknown = (plugin.setup as (k: unknown) => unknown)(registrar)
    if (result instanceof Promise) {
      result.catch(() => undefined) // reported below as what it is: setup() must not wait for anything
      throw new Error(`Plugin "${plugin.id}": setup() is asynchronous. It only registers; do I/O in handlers.`)
    }
  } finally {
    open = false
  }
  return { endpoints, contributions, handlers, schedules, services, workers, commands }
}
