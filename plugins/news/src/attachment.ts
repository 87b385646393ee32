/** Files that go with an article. Pure. */

/** Most files an article may carry. */
export const MAX_ATTACHMENTS = 10
/** Largest attachment, in bytes (20 MiB). */
export const MAX_ATTACHMENT_BYTES = 20_971_520
/** Largest image, in bytes (5 MiB). */
export const MAX_IMAGE_BYTES = 5_242_880

/** Media types of an article's image. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const
/** Media types of attachments. */
export const ATTACHMENT_TYPES = ['application/pdf', 'application/vnd.oasis.opendocument.text', ...IMAGE_TYPES] as const

const NAMES: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/vnd.oasis.opendocument.text': 'ODT',
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/webp': 'WebP',
}

/** A media type as people call it, such as `PDF`. */
export function typeName(mediaType: string): string {
  return NAMES[mediaType] ?? mediaType
}

/** A size in the unit people read: kilobytes below one megabyte, never less than one (decimal units, as operating systems show them). */
export function readableSize(bytes: number): { readonly value: number; readonly unit: 'kilobytes' | 'megabytes' } {
  const kilobytes = Math.max(1, Math.round(bytes / 1000))
  return kilobytes < 1000 ? { value: kilobytes, unit: 'kilobytes' } : { value: Math.round(bytes / 100_000) / 10, unit: 'megabytes' }
}

/** Adds the extension that a file's real type wants where the name given by a person has none or another. */
export function downloadName(name: string, mediaType: string): string {
  const extension = NAMES[mediaType]?.toLowerCase()
  if (extension === undefined) return name
  const known = extension === 'jpeg' ? /\.jpe?g$/i : new RegExp(`\\.${extension}$`, 'i')
  return known.test(name) ? name : `${name}.${extension}`
}
