import type { IncomingMessage } from 'node:http'
import type { Endpoint } from '@liberacces/sdk/host'
import type { Principal } from '../../identity/principal.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { FileStore } from '../../storage/files.ts'
import type { RequestContext } from '../request-context.ts'

/** The plugins' files, as streams. */
export type FilePort = Pick<FileStore, 'putStream' | 'open' | 'delete'>

/** Protection of cookie sessions against forged requests. Asked only about requests that change something, made by cookie. */
export interface CsrfPort {
  /** @param token - from the header `X-CSRF-Token` or the form field `_csrf` */
  check(request: IncomingMessage, principal: Principal, token: string | undefined): boolean
}

/** The content of a plugin's page, to be put into the shell of its audience. */
export interface PageContent {
  readonly context: RequestContext
  readonly release: LoadedRelease
  readonly audience: Endpoint['audience']
  /** In the reader's language. */
  readonly title: string
  /** HTML of the main part, rendered or sanitised: put in as it is. */
  readonly content: string
  /** Shown once, as good news: plain text, to be escaped. */
  readonly notice: string | undefined
  /** Path of the page, without its query. */
  readonly path: string
  /** What the page runs; `undefined` for one that runs nothing of the plugin. */
  readonly scripted?: { readonly scripts: readonly string[]; readonly worker: string | undefined } | undefined
}

/** The page shell. */
export interface PagePort {
  /** The whole HTML document. */
  render(page: PageContent): string | Promise<string>
}
