import { Buffer } from 'node:buffer'

/** A value as JSON can say it: bytes as base64. What else JSON has no words for goes its usual way. */
export function toJsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  if (Array.isArray(value)) return value.map(toJsonValue)
  if (typeof value !== 'object' || value === null || typeof (value as { readonly toJSON?: unknown }).toJSON === 'function') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJsonValue(each)]))
}

/** What was posted, as a question takes it: `bytes` beside the rest of its content are bytes again. */
export function fromJsonContent(content: unknown): unknown {
  const { bytes } = content as { readonly bytes?: unknown }
  return typeof bytes === 'string' ? { ...content as object, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) } : content
}
