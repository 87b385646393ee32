import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { FileRef } from '@liberacces/sdk'
import type { Endpoint } from '@liberacces/sdk/host'
import type { Principal } from '../../identity/principal.ts'
import type { LoadedRelease } from '../../runtime/release.ts'
import type { StoreKey } from '../../storage/storage.ts'
import type { RequestContext } from '../request-context.ts'

/** What an upload may be. */
export interface UploadLimits {
  /** Bytes. */
  readonly maxBytes: number
  /** Media types such as `image/png` or `image/*`, held against what the bytes are; empty takes all. */
  readonly accept: readonly string[]
}

/** A stored file, ready to be sent. */
interface OpenFile {
  readonly ref: FileRef
  /** @param range - first and last byte, both included; the whole file without it */
  stream(range?: { readonly start: number; readonly end: number }): Readable
}

/** The plugins' files, as streams. */
export interface FilePort {
  /**
   * Stores a file while it arrives; when it throws, nothing is kept.
   * @throws PlatformError `FILE_TOO_LARGE`, `FILE_TYPE_REFUSED`, `QUOTA_EXCEEDED`
   */
  putStream(key: StoreKey, content: Readable, about: { readonly name: string; readonly type: string }, limits: UploadLimits): Promise<FileRef>
  /** `undefined` when no such file belongs to this store. */
  open(key: StoreKey, id: string): Promise<OpenFile | undefined>
  /** Deleting twice is harmless. */
  delete(key: StoreKey, id: string): Promise<void>
}

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
}

/** The page shell. */
export interface PagePort {
  /** The whole HTML document. */
  render(page: PageContent): string | Promise<string>
}
