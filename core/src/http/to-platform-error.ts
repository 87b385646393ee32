import { PlatformError, type Code } from '../errors.ts'

/** How the server library's own refusals are called here. */
const KNOWN: Readonly<Record<string, { readonly code: Code; readonly message: string; readonly fix: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'BODY_TOO_LARGE', message: 'The request body is larger than allowed.', fix: 'Send less at once.' },
  FST_PARTS_LIMIT: { code: 'BODY_TOO_LARGE', message: 'The form has too many parts.', fix: 'Send less at once.' },
  FST_FILES_LIMIT: { code: 'BODY_TOO_LARGE', message: 'The form has too many files.', fix: 'Send fewer files at once.' },
  FST_FIELDS_LIMIT: { code: 'BODY_TOO_LARGE', message: 'The form has too many fields.', fix: 'Send less at once.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'MEDIA_TYPE_UNSUPPORTED', message: 'This content type is not taken here.', fix: 'Send application/json, or what the form sends.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'REQUEST_INVALID', message: 'The request says it is JSON, and is empty.', fix: 'Send a JSON body, or no Content-Type.' },
}

/** Any error as one of ours. What nobody foresaw becomes `INTERNAL`, with the error as cause for the log. */
export function toPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error
  const { code, statusCode } = (error ?? {}) as { readonly code?: unknown; readonly statusCode?: unknown }
  const known = typeof code === 'string' ? KNOWN[code] : undefined
  if (known !== undefined) return new PlatformError(known.code, known.message, { fix: known.fix, cause: error })
  if (isRequestFault(error, code, statusCode)) {
    return new PlatformError('REQUEST_INVALID', 'The request cannot be read.', { fix: 'Check the body against its Content-Type.', cause: error })
  }
  return new PlatformError('INTERNAL', 'The platform failed.', { fix: 'Quote the trace id to the administrator.', cause: error })
}

function isRequestFault(error: unknown, code: unknown, statusCode: unknown): boolean {
  if (typeof statusCode === 'number') return statusCode >= 400 && statusCode < 500
  // A body that ends early or is no multipart at all: the parser's errors carry no status.
  return error instanceof Error && (code === 'ECONNRESET' || /multipart|Multipart|Part terminated early/.test(error.message))
}
