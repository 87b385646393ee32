import { PassThrough } from 'node:stream'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { FileRef, Locale } from '@liberacces/sdk'
import { fileSize } from '@liberacces/sdk/host'
import { PlatformError } from '../../errors.ts'
import type { StoreKey } from '../../storage/storage.ts'
import type { FilePort } from './endpoint-ports.ts'
import type { UploadField } from './upload-fields.ts'

/** What a form sent: its texts, the files just stored, and what was wrong with files. */
export interface SubmittedForm {
  readonly texts: Map<string, readonly string[]>
  readonly files: Map<string, FileRef>
  readonly errors: Map<string, string>
}

/** How a form is read. */
export interface FormReading {
  readonly files: FilePort
  readonly key: StoreKey
  readonly uploads: readonly UploadField[]
  readonly locale: Locale
  /** Called with the token before anything is stored. @throws PlatformError `CSRF_REFUSED` */
  readonly checkToken: (token: string | undefined) => void
  /** Called for each file as soon as it is stored. */
  readonly stored: (file: FileRef) => void
}

/** The field with the reader's token against forged requests. No field of a plugin's form is called so. */
const CSRF_FIELD = '_csrf'
/** Beyond the files themselves: texts, and what browsers put around parts. */
const SPARE_BYTES = 64 * 1_048_576
/** Longest that all texts of a multipart form may be together, in characters: they are held in memory. */
const MAX_TEXT_LENGTH = 8 * 1_048_576

/**
 * Reads a form, urlencoded or multipart; files are stored while they arrive. A file that is too large or of a wrong type is
 * an error of its field and the rest is read on.
 * @throws PlatformError `CSRF_REFUSED`, `BODY_TOO_LARGE`, `REQUEST_INVALID`, `MEDIA_TYPE_UNSUPPORTED`
 */
export async function readForm(request: FastifyRequest, reading: FormReading): Promise<SubmittedForm> {
  const form: SubmittedForm = { texts: new Map(), files: new Map(), errors: new Map() }
  const token = (): string | undefined => form.texts.get(CSRF_FIELD)?.[0]
  if (request.isMultipart()) {
    await readMultipart(request, reading, form, token)
  } else {
    for (const [name, value] of (request.body as URLSearchParams | undefined) ?? []) addText(form, name, value)
  }
  reading.checkToken(token())
  // It is the platform's own: a plugin whose form has a field of that name must not be handed it.
  form.texts.delete(CSRF_FIELD)
  return form
}

async function readMultipart(request: FastifyRequest, reading: FormReading, form: SubmittedForm, token: () => string | undefined): Promise<void> {
  const most = reading.uploads.reduce((sum, { limits }) => sum + limits.maxBytes, SPARE_BYTES)
  if (Number(request.headers['content-length'] ?? 0) > most) {
    throw new PlatformError('BODY_TOO_LARGE', `The form is larger than ${most} bytes.`, { fix: 'Send smaller files.' })
  }
  let textLength = 0
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      textLength += part.fieldname.length + String(part.value).length
      if (part.valueTruncated || part.fieldnameTruncated || textLength > MAX_TEXT_LENGTH) throw new PlatformError('BODY_TOO_LARGE', 'A field of the form is larger than allowed.', { fix: 'Send less text.' })
      if (typeof part.value === 'string') addText(form, part.fieldname, part.value)
      continue
    }
    const field = reading.uploads.find(({ name }) => name === part.fieldname)
    // No name: the browser's way to say that no file was chosen.
    if (field === undefined || !part.filename || form.files.has(field.name)) {
      part.file.resume()
      continue
    }
    // The token stands before the files in our forms: nothing is stored for a request that cannot show it.
    reading.checkToken(token())
    await storePart(reading, form, field, part)
  }
}

async function storePart({ files, key, locale, stored }: FormReading, form: SubmittedForm, field: UploadField, part: MultipartFile): Promise<void> {
  // Through a pipe of its own: a store that gives up destroys what it reads, and that must not be the whole request.
  const content = new PassThrough()
  part.file.on('error', (error: Error) => content.destroy(error))
  part.file.pipe(content)
  try {
    const ref = await files.putStream(key, content, { name: part.filename, type: part.mimetype }, field.limits)
    form.files.set(field.name, ref)
    stored(ref)
  } catch (error) {
    const text = error instanceof PlatformError ? uploadText(error, field, locale) : undefined
    if (text === undefined) throw error
    form.errors.set(field.name, text)
  } finally {
    part.file.unpipe(content)
    part.file.resume()
  }
}

function addText({ texts }: SubmittedForm, name: string, value: string): void {
  texts.set(name, [...(texts.get(name) ?? []), value])
}

function uploadText({ code }: PlatformError, { limits }: UploadField, locale: Locale): string | undefined {
  const most = fileSize(limits.maxBytes, locale)
  const types = limits.accept.map((type) => type.split('/').at(-1) === '*' ? (type.split('/')[0] ?? type) : (type.split('/').at(-1) ?? type).toUpperCase()).join(', ')
  switch (code) {
    case 'FILE_TOO_LARGE': return locale === 'fr' ? `Ce fichier dépasse ${most}. Choisissez un fichier plus petit.` : `This file is larger than ${most}. Choose a smaller one.`
    case 'FILE_TYPE_REFUSED': return locale === 'fr' ? `Ce fichier n’est pas d’un format accepté (${types}).` : `This file is not of an accepted format (${types}).`
    case 'QUOTA_EXCEEDED': return locale === 'fr' ? 'Il n’y a plus de place pour ce fichier. Prévenez l’administrateur.' : 'There is no room left for this file. Tell the administrator.'
    default: return undefined
  }
}
