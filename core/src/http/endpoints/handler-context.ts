import type { Context, FileReply, Invalid, NotFound, Redirect, Reply, TitledPage } from '@liberacces/sdk'

const NOT_FOUND: NotFound = Object.freeze({ kind: 'not-found' })
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

function reply(status: number, body: unknown, headers: Readonly<Record<string, string>> = NO_HEADERS): Reply {
  return { kind: 'reply', status, body, headers }
}

function file(id: string, options: { readonly disposition?: 'inline' | 'attachment'; readonly name?: string } = {}): FileReply {
  return { kind: 'file', id, disposition: options.disposition ?? 'attachment', name: options.name }
}

function redirect(to: string, notice?: string): Redirect {
  return { kind: 'redirect', to, notice }
}

function page(title: string, content: TitledPage['content']): TitledPage {
  return { kind: 'page', title, content }
}

function notFound(): NotFound {
  return NOT_FOUND
}

function invalid(errors: Readonly<Record<string, string>>): Invalid {
  return { kind: 'invalid', errors }
}

/** What handlers of routes hold besides the context. The functions know nothing of the call, so all calls share them. */
export const ROUTE_ANSWERS = { reply, file, redirect, notFound } as const
/** What handlers of pages, forms and actions hold besides the context. */
export const PAGE_ANSWERS = { page, redirect, notFound, invalid } as const

/**
 * Adds the ways to answer to the context of one call. The runtime makes a fresh, extensible context for each call, so they
 * are put onto it: a prototype made of it would be slower on every property it is asked for.
 */
export function withAnswers<Answers extends object>(c: Context, answers: Answers): Context & Answers {
  return Object.assign(c, answers)
}
