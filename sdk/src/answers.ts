import type { Static, TSchema } from '@sinclair/typebox'
import type { VNode } from 'preact'
import type { Context } from './context.ts'
import type { PluginTypes } from './plugin-types.ts'

/** An answer to an API call. Made by `c.reply`, never by hand. */
export interface Reply {
  readonly kind: 'reply'
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** The kernel streams one of the plugin's files. Made by `c.file`. */
export interface FileReply {
  readonly kind: 'file'
  readonly id: string
  readonly disposition: 'inline' | 'attachment'
  readonly name: string | undefined
}

/** The reader goes on elsewhere (303 See Other). Made by `c.redirect`. */
export interface Redirect {
  readonly kind: 'redirect'
  readonly to: string
  /** A message key shown once on the next page, as good news. */
  readonly notice: string | undefined
}

/** A page whose title depends on what it shows. Made by `c.page`. */
export interface TitledPage {
  readonly kind: 'page'
  readonly title: string
  readonly content: VNode
}

/** There is no such thing, or the reader may not know of it (404). Made by `c.notFound`. */
export interface NotFound {
  readonly kind: 'not-found'
}

/** A form comes back with these errors, what was typed kept (422). Made by `c.invalid`. */
export interface Invalid {
  readonly kind: 'invalid'
  /** Field name to a text in the reader's language; `''` is about the form as a whole. */
  readonly errors: Readonly<Record<string, string>>
}

/** Response schemas of a route by HTTP status. */
export type Responses = Readonly<Record<number, TSchema>>

/** What a route's handler holds besides {@link Context}. */
export interface RouteContext<T extends PluginTypes, R extends Responses> extends Context<T> {
  /** Answers with a status and body that the route declares. */
  reply<Status extends Extract<keyof R, number>>(status: Status, body: Static<R[Status]>, headers?: Readonly<Record<string, string>>): Reply
  /** Streams a file of this plugin. Answers 404 where it does not exist. */
  file(id: string, options?: { readonly disposition?: 'inline' | 'attachment'; readonly name?: string }): FileReply
  redirect(path: string): Redirect
  notFound(): NotFound
}

/** What a page's handler holds besides {@link Context}. */
export interface PageContext<T extends PluginTypes> extends Context<T> {
  /** A page with a title of its own, such as an article's, in the reader's language: it names the window (RGAA 4.1, 8.6). */
  page(title: string, content: VNode): TitledPage
  /** @param path - inside this plugin */
  redirect(path: string, notice?: T['message']): Redirect
  notFound(): NotFound
}

/** What a form's or action's handler holds besides {@link PageContext}. */
export interface FormContext<T extends PluginTypes, Data> extends PageContext<T> {
  /** The form comes back with these errors, by field. Nothing the person typed is lost. */
  invalid(errors: { readonly [Field in Extract<keyof Data, string> | '']?: string }): Invalid
}

/** What a page may answer with. */
export type PageAnswer = VNode | TitledPage | Redirect | NotFound
/** What a form's submit may answer with. */
export type FormAnswer = Redirect | NotFound | Invalid
/** What a route may answer with. */
export type RouteAnswer = Reply | FileReply | Redirect | NotFound
