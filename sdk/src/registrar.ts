import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { VNode } from 'preact'
import type { FormAnswer, FormContext, PageAnswer, PageContext, Responses, RouteAnswer, RouteContext } from './answers.ts'
import type { CommandInput, CommandSpec } from './command.ts'
import type { Context } from './context.ts'
import type { EventContract, ReceivedEvent } from './event.ts'
import type { PluginTypes } from './plugin-types.ts'
import type { Operation, Service, ServiceHandlers } from './service.ts'
import type { Slot } from './slot.ts'
import type { WorkerContext } from './worker-context.ts'
import type { Worker } from './worker.ts'

/** Who may come: everyone, or people who hold a permission. A page that is not public always names one. */
export type Access<T extends PluginTypes> =
  | { readonly audience: 'public'; readonly permission?: never }
  | { readonly audience: 'citizen' | 'agent' | 'admin'; readonly permission: T['permission'] }

/** Parts of an address that are checked before the handler runs. */
export interface AddressSpec {
  /** Path inside the plugin, starting with `/`; parameters as `:id`. */
  readonly path: string
  /** Schema of the path's parameters. @defaultValue each one a string of 1 to 200 characters */
  readonly params?: TObject
  /** Schema of the query string. Numbers and booleans are converted from text. */
  readonly query?: TObject
}

/** A route of the plugin's API. It appears in the tenant's OpenAPI document. */
export type RouteSpec<T extends PluginTypes> = AddressSpec &
  Access<T> & {
    readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
    /** One line for the OpenAPI document. */
    readonly summary: string
    readonly body?: TSchema
    readonly response: Responses
    /** Longest the handler may run, in milliseconds: 1 to 60 000. @defaultValue the plugin's `limits.callMs` */
    readonly timeoutMs?: number
  }

/**
 * What a page has beside its HTML, which stands without it: the page works where scripts do not run or the tenant refused the scope `browser`. The script can
 * reach nothing but addresses of the plugin itself. Only for the audiences `agent` and `admin`.
 */
export interface PageScript {
  /** One of the names in the plugin's `browser`. */
  readonly script: string
  /** Whether the platform keeps the page in the browser, to show it again without a network: for 12 hours at most, and until somebody logs out. @defaultValue false */
  readonly offline?: boolean
  /** Whether the page may ask for the camera. @defaultValue false */
  readonly camera?: boolean
}

/** A page for people. */
export type PageSpec<T extends PluginTypes> = AddressSpec &
  Access<T> & {
    readonly title: T['message']
    /** Place in the menu of its audience, smallest first. Without it the page is not in the menu. */
    readonly menu?: number
    /** @defaultValue the page runs nothing */
    readonly browser?: PageScript
  }

/**
 * A page with one form, made from a schema: labels are the messages `field.<name>` (hint `field.<name>.hint`,
 * choices `field.<name>.<value>`), else the schema's `title`. The kernel shows it, checks what comes back, shows an error summary
 * and keeps what was typed; the handler sees only valid data.
 */
export type FormSpec<T extends PluginTypes> = AddressSpec &
  Access<T> & {
    readonly schema: TObject
    /** @defaultValue the schema's title, else the plugin's */
    readonly title?: T['message']
    /** Text above the form. It may name fields, as in `Fiche de {childName}`: they are put in with what the form holds, also what a hidden field carries along. */
    readonly intro?: T['message']
    /** Label of the button. @defaultValue "Enregistrer" */
    readonly submit?: T['message']
    readonly menu?: number
  }

/** One button's deed: a POST with protection against forgery, and a page to go on to. Shown with `<ActionButton>`. */
export type ActionSpec<T extends PluginTypes> = Omit<AddressSpec, 'query'> & Access<T>

/** The checked parts of an address, as a handler receives them. */
export interface AddressInput<Spec extends AddressSpec> {
  readonly params: Spec['params'] extends TObject ? Static<Spec['params']> : Readonly<Record<string, string>>
  readonly query: Spec['query'] extends TObject ? Static<Spec['query']> : Readonly<Record<string, never>>
}

/** What a route's handler receives. */
export type RouteInput<Spec extends AddressSpec> = AddressInput<Spec> & {
  readonly body: Spec extends { readonly body: infer Body extends TSchema } ? Static<Body> : undefined
}

/** What a contribution says: the slot's own data, a title, and for rendered slots its content. */
export type Contribution<T extends PluginTypes, S extends Slot> = Static<S['data']> & {
  readonly title: T['message']
  /** Smallest first. @defaultValue 100 */
  readonly order?: number
  /** Only people who hold it see the contribution. */
  readonly permission?: T['permission']
} & (S['rendered'] extends true ? { readonly render: (c: Context<T>) => Promise<VNode | null> } : object)

/** A job that runs by the clock, once per tenant that has the plugin active. */
export interface ScheduleSpec {
  /** Unique within the plugin. */
  readonly id: string
  /** Five fields, in the tenant's time zone (Europe/Paris). */
  readonly cron: string
  /** Longest one run may take, in milliseconds: 1 to 600 000. Past it the run fails and is logged; the next one comes as planned. */
  readonly timeoutMs: number
}

/** How a handler of events is known. */
export interface HandlerOptions {
  /** Unique within the plugin; name it when one event has several handlers. @defaultValue the event's id */
  readonly id?: string
  /** Longest one delivery may take, in milliseconds: 1 to 60 000. @defaultValue the plugin's `limits.callMs` */
  readonly timeoutMs?: number
}

/** A service whose permissions are all declared by the providing plugin. */
export type Providable<T extends PluginTypes> = Service<string, Readonly<Record<string, Operation & { readonly permission?: T['permission'] }>>>

/** What `setup` receives. It registers and does no I/O; the kernel undoes all of it when the release is unloaded. */
export interface Registrar<T extends PluginTypes> {
  /** Adds a route to the plugin's API. */
  route<const Spec extends RouteSpec<T>>(
    spec: Spec,
    handler: (c: RouteContext<T, Spec['response']>, input: RouteInput<Spec>) => RouteAnswer | Promise<RouteAnswer>,
  ): void
  /** Adds a page. */
  page<const Spec extends PageSpec<T>>(spec: Spec, render: (c: PageContext<T>, input: AddressInput<Spec>) => PageAnswer | Promise<PageAnswer>): void
  /**
   * Adds a page with one form.
   * @param initial - what the form shows first; `undefined` answers 404
   */
  form<const Spec extends FormSpec<T>>(
    spec: Spec,
    submit: (c: FormContext<T, Static<Spec['schema']>>, data: Static<Spec['schema']>, input: AddressInput<Spec>) => FormAnswer | Promise<FormAnswer>,
    initial?: (c: PageContext<T>, input: AddressInput<Spec>) => Promise<Partial<Static<Spec['schema']>> | undefined>,
  ): void
  /** Adds a button's deed. */
  action<const Spec extends ActionSpec<T>>(
    spec: Spec,
    run: (c: FormContext<T, Record<never, never>>, input: { readonly params: AddressInput<Spec>['params'] }) => FormAnswer | Promise<FormAnswer>,
  ): void
  /** Puts something into a slot of a page. */
  contribute<S extends Slot>(slot: S, contribution: Contribution<T, S>): void
  /**
   * Listens to an event, of this plugin or another. It comes at least once, in order per subject; a handler may open one transaction,
   * and writes all of its effects in it.
   */
  on<E extends EventContract>(event: E, handler: (c: Context<T>, event: ReceivedEvent<E>) => Promise<void>, options?: HandlerOptions): void
  /**
   * Listens to every event of the tenant, save the kernel's and those of this plugin's own store. Needs the scope `events:read:*`; while it is refused as an
   * optional one, nothing comes. Otherwise as `on`.
   */
  onAny(handler: (c: Context<T>, event: ReceivedEvent) => Promise<void>, options: HandlerOptions & { readonly id: string }): void
  /**
   * Adds a worker: on each tenant that has the plugin active, and in each process that serves it, `run` is called once and may go on for good, waiting with
   * `w.pause`. When it returns the worker rests until it is woken; when it throws it is run again, after 1 second, then 2, up to 5 minutes, and is
   * `troubled` until it says otherwise. It holds no lock: where several processes must not do the same, claim it in the database, or at whom it talks to.
   */
  worker<Held>(worker: Worker<Held>, run: (w: WorkerContext<T, Held>) => Promise<void>): void
  /** Adds a command for the operator's command line. It runs as the platform itself, and is on record in the tenant's audit trail. */
  command<Spec extends CommandSpec>(spec: Spec, run: (c: Context<T>, input: CommandInput<Spec>) => Promise<Static<Spec['output']>>): void
  /** Runs something by the clock. */
  schedule(spec: ScheduleSpec, run: (c: Context<T>) => Promise<void>): void
  /** Offers a service to other plugins. Handlers are made per call, with the caller's tenant and actor in `c`. */
  provide<S extends Providable<T>>(service: S, handlers: (c: Context<T>) => ServiceHandlers<S>): void
}
