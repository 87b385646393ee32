import { Type, type Static, type TObject, type TSchema, type TUnsafe } from '@sinclair/typebox'

export { Type, type Static, type TObject, type TSchema }

/** A stored file, as plugins and contracts pass it around: a reference, never the bytes. */
export interface FileRef {
  /** Opaque id, unique within the tenant and plugin that own the file. */
  readonly id: string
  /** The name the person gave it, without any folder, at most 255 characters. */
  readonly name: string
  /** The media type found in the bytes, not the one the browser claimed. */
  readonly type: string
  /** Size in bytes. */
  readonly size: number
  /** Lower-case hexadecimal SHA-256 of the content. */
  readonly sha256: string
}

/** What an upload field of a form accepts. */
export interface UploadOptions {
  /** Accepted media types, such as `image/png` or `image/*`. */
  readonly accept: readonly string[]
  /**
   * Largest accepted size, in bytes: 1 to 104 857 600 (100 MiB).
   * Past it the form answers with an error on this field and nothing is stored.
   * @defaultValue 10 485 760 (10 MiB)
   */
  readonly maxBytes?: number
  /** Label of the field where no `field.<name>` message exists. */
  readonly title?: string
}

/** The schema of a file reference in a contract, a route's body or an event. */
export const FileRefSchema = Type.Object({
  id: Type.String(),
  name: Type.String({ maxLength: 255 }),
  type: Type.String(),
  size: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
})

/**
 * A file field of a form. The kernel stores the upload, looks at its bytes, and hands the handler a {@link FileRef};
 * the handler never sees a pipe or a path.
 */
export function Upload(options: UploadOptions): TUnsafe<FileRef> {
  return Type.Unsafe<FileRef>({
    ...FileRefSchema,
    'x-widget': 'upload',
    'x-accept': options.accept,
    'x-max-bytes': options.maxBytes ?? 10_485_760,
    ...(options.title === undefined ? {} : { title: options.title }),
  })
}

/** A text field shown as several lines. */
export function LongText(options: { readonly maxLength: number; readonly minLength?: number; readonly title?: string; readonly examples?: readonly string[] }): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', 'x-widget': 'textarea', ...options })
}

/**
 * A choice among fixed values. The labels are the messages `field.<name>.<value>`.
 * Up to five values are shown as radio buttons, more as a list.
 */
export function Choice<const Values extends readonly string[]>(
  values: Values,
  options: { readonly default?: Values[number]; readonly title?: string; readonly examples?: readonly Values[number][] } = {},
): TUnsafe<Values[number]> {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: values, ...options })
}

/**
 * The schema of an answer that is no JSON: the kernel sends the string as it is, under this media type.
 * @example `response: { 200: TextBody('application/atom+xml') }`
 */
export function TextBody(mediaType: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', contentMediaType: mediaType })
}

/**
 * A setting that nobody reads again, such as a password: it is stored encrypted, shown by no form and written into no trail; leaving its field empty keeps
 * it. The plugin reads it in `c.settings`. It does not travel with an exported tenant. Only for `settings`, and optional there.
 * @example `settings: Type.Object({ password: Type.Optional(Secret({ title: 'Mot de passe' })) })`
 */
export function Secret(options: { readonly maxLength?: number; readonly title?: string; readonly examples?: readonly string[] } = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ 'type': 'string', 'x-widget': 'secret', 'writeOnly': true, 'maxLength': 4_000, ...options })
}

/** The body of a request as it came. */
export interface RawContent {
  /** The media type with its parameters, as it was sent. */
  readonly type: string
  readonly bytes: Uint8Array
  /** The headers that the route asked for, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** What a route with a raw body takes. */
export interface RawBodyOptions {
  /** Accepted media types, such as `application/cloudevents+json`; `*` for any. */
  readonly types: readonly string[]
  /** Largest accepted size, in bytes: 1 to 33 554 432 (32 MiB). Past it the answer is 413. @defaultValue 1 048 576 (1 MiB) */
  readonly maxBytes?: number
  /** Headers that the handler gets, by name, or by how they begin, as in `ce-*`. None that says who asks can be had. */
  readonly headers?: readonly string[]
  /** Bodies that are taken, of the first of `types`, for who certifies it. @defaultValue none */
  readonly examples?: readonly string[]
}

/** The schema of a route's `body` that is taken as it came, whatever it is: for formats that are not JSON, or that are signed. */
export function RawBody(options: RawBodyOptions): TUnsafe<RawContent> {
  return Type.Unsafe<RawContent>({ 'x-raw': { types: options.types, maxBytes: options.maxBytes ?? 1_048_576, headers: options.headers ?? [], ...(options.examples === undefined ? {} : { examples: options.examples }) } })
}
