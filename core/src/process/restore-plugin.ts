import type { Context, EventContract, Migration, MigrationTables, PageScript, Plugin, WorkerContext } from '@liberacces/sdk'
import type { Endpoint, Handler, Registrations } from '@liberacces/sdk/host'
import type { TObject, TSchema } from '@sinclair/typebox'
import type { Kysely } from 'kysely'
import type { DescribedEndpoint, Description } from './description.ts'
import { restoredSchema } from './portable-schema.ts'
import type { Target } from './protocol.ts'
import { dialectOf } from '../storage/dialect-of.ts'

/** Has the plugin's side do something within a call, and answers what came of it. */
export interface Forward {
  /** @param c - the context of the call: what the plugin asks, it asks of this one */
  call(target: Target, c: Context, input: unknown): Promise<unknown>
  /** The same of an endpoint or contribution, whose answer is made into one of the kernel's. */
  endpoint(target: Target, c: Context, input: unknown): Promise<unknown>
  migrate(target: Target & { readonly at: 'migration' }, db: Kysely<MigrationTables>): Promise<void>
  /** Runs a worker until it is over; what it asks, it asks of this one. */
  work(target: Target, w: WorkerContext): Promise<void>
}

/** A plugin whose functions are elsewhere. */
export interface RestoredPlugin {
  readonly plugin: Plugin
  readonly registrations: Registrations
}

type Forwarded = (c: Context, ...input: readonly unknown[]) => Promise<unknown>

/**
 * The plugin that a description is of, its functions replaced by ones that hand on.
 * @throws TypeError for a schema that is none
 */
export function restorePlugin(description: Description, forward: Forward): RestoredPlugin {
  const { plugin: said, privacy, migrations } = description
  const handler = (body: Forwarded): Handler => body as unknown as Handler
  const call = (target: Target): Handler => handler((c, input) => forward.call(target, c, input))
  const plugin = {
    ...said,
    ...(said.settings === undefined ? {} : { settings: restoredSchema(said.settings) as TObject }),
    ...(said.emits === undefined ? {} : { emits: said.emits.map(restoreEvent) }),
    privacy: {
      stores: privacy.stores,
      ...Object.fromEntries((['export', 'erase', 'expire'] as const).filter((what) => privacy[what]).map((what) => [what, call({ at: 'privacy', what })])),
    },
    migrations: Object.fromEntries(migrations.map((name) => [name, restoreMigration(name, forward)])),
    ...(description.check ? { check: call({ at: 'check' }) } : {}),
    ...(description.demo ? { demo: call({ at: 'demo' }) } : {}),
    setup: () => { throw new Error('This plugin is set up elsewhere.') },
  } as unknown as Plugin
  const registrations: Registrations = {
    endpoints: description.endpoints.map((endpoint, index) => restoreEndpoint(endpoint, index, forward)),
    contributions: description.contributions.map(({ slot, render, ...contribution }, index) => ({
      ...contribution,
      slot: Object.freeze({ kind: 'slot', ...slot, data: restoredSchema(slot.data) }),
      ...(render ? { render: handler((c) => forward.endpoint({ at: 'contribution', index }, c, undefined)) } : {}),
    })),
    handlers: description.handlers.map(({ event, ...one }, index) => ({ ...one, event: event === 'any' ? event : restoreEvent(event), handler: call({ at: 'handler', index }) })),
    schedules: description.schedules.map((one, index) => ({ ...one, run: call({ at: 'schedule', index }) })),
    services: description.services.map(({ id, operations }, index) => {
      const names = Object.keys(operations)
      return {
        service: Object.freeze({
          kind: 'service' as const, id,
          operations: Object.freeze(Object.fromEntries(Object.entries(operations).map(([name, { input, output, ...rest }]) => [name, { ...rest, input: restoredSchema(input), output: restoredSchema(output) }]))),
        }),
        handlers: (c: never) => Object.fromEntries(names.map((operation) => [operation, (input: never) => forward.call({ at: 'service', index, operation }, c as Context, input)])),
      }
    }),
    workers: description.workers.map((id, index) => ({ id, run: ((w: WorkerContext) => forward.work({ at: 'worker', index }, w)) as unknown as Handler })),
    commands: description.commands.map(({ input, output, ...one }, index) => ({
      ...one, output: restoredSchema(output), ...(input === undefined ? {} : { input: restoredSchema(input) as TObject }), run: call({ at: 'command', index }),
    })),
  }
  return { plugin: Object.freeze(plugin), registrations }
}

function restoreEvent({ schema, subject, ...event }: Exclude<Description['handlers'][number]['event'], 'any'>): EventContract {
  return Object.freeze({ kind: 'event', ...event, subject, schema: restoredSchema(schema) })
}

function restoreMigration(name: string, forward: Forward): Migration {
  return {
    up: (db) => forward.migrate({ at: 'migration', name, way: 'up', dialect: dialectOf(db) }, db),
    down: (db) => forward.migrate({ at: 'migration', name, way: 'down', dialect: dialectOf(db) }, db),
  }
}

/** @throws TypeError when it lacks what its kind needs */
function restoreEndpoint(said: DescribedEndpoint, index: number, forward: Forward): Endpoint {
  const target: Target = { at: 'endpoint', index }
  const common = {
    path: said.path, audience: said.audience,
    ...(said.permission === undefined ? {} : { permission: said.permission }),
    ...(said.params === undefined ? {} : { params: restoredSchema(said.params) as TObject }),
    ...(said.query === undefined ? {} : { query: restoredSchema(said.query) as TObject }),
  }
  const run = ((c: Context, input: unknown) => forward.endpoint(target, c, input)) as unknown as Handler
  switch (said.kind) {
    case 'route': {
      const { method, summary, response, body, timeoutMs } = said
      if (method === undefined || summary === undefined || response === undefined) throw new TypeError(`Route ${said.path} lacks a method, a summary or its answers.`)
      return {
        ...common, kind: 'route', method, summary, handler: run,
        response: Object.fromEntries(Object.entries(response).map(([status, schema]) => [status, restoredSchema(schema)])) as Readonly<Record<number, TSchema>>,
        ...(body === undefined ? {} : { body: restoredSchema(body) }), ...(timeoutMs === undefined ? {} : { timeoutMs }),
      }
    }
    case 'page': {
      if (said.title === undefined) throw new TypeError(`Page ${said.path} has no title.`)
      return { ...common, kind: 'page', title: said.title, handler: run, ...(said.menu === undefined ? {} : { menu: said.menu }), ...(said.browser === undefined ? {} : { browser: said.browser as PageScript }) }
    }
    case 'form': {
      if (said.schema === undefined) throw new TypeError(`Form ${said.path} has no schema.`)
      const { title, intro, submit, menu } = said
      return {
        ...common, kind: 'form', schema: restoredSchema(said.schema) as TObject,
        ...(title === undefined ? {} : { title }), ...(intro === undefined ? {} : { intro }), ...(submit === undefined ? {} : { submit }), ...(menu === undefined ? {} : { menu }),
        handler: ((c: Context, data: unknown, address: unknown) => forward.endpoint(target, c, { data, address })) as unknown as Handler,
        ...(said.initial === true ? { initial: ((c: Context, address: unknown) => forward.call({ at: 'initial', index }, c, address)) as unknown as Handler } : {}),
      }
    }
    case 'action': return { ...common, kind: 'action', handler: run }
    default: return said.kind satisfies never
  }
}
