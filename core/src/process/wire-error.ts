import { isRetryLater } from '@liberacces/sdk/host'
import { PlatformError } from '../errors.ts'
import type { WireError } from './protocol.ts'

/** Levels of causes that cross. */
const MOST_CAUSES = 5
const MOST_TEXT = 10_000
const MOST_FIX = 2_000

/** How an error is put into words that may cross. */
export interface ErrorWording {
  /** Takes out of a text what the other side must not learn. @defaultValue nothing */
  readonly clean?: (text: string) => string
  /** Number of a refusal of the kernel, where the error is one that it made. */
  readonly passed?: (error: object) => number | undefined
  /** The part of a stack that may be told. */
  readonly stack?: (stack: string) => string | undefined
  /** Whether an error may be told as it is; others are told as a failure of the platform. @defaultValue all */
  readonly tells?: (error: Error) => boolean
}

/** An error as it crosses the border. */
export function toWireError(error: unknown, wording: ErrorWording = {}, depth = 0): WireError {
  const { clean = (text: string) => text, passed, stack, tells } = wording
  if (!(error instanceof Error)) return { name: 'Error', message: clean(textOf(error)).slice(0, MOST_TEXT) }
  if (tells?.(error) === false) return { name: 'Error', message: 'The platform failed; its log says more.', code: 'INTERNAL' }
  const { name, message, code, fix, fields, retryAfterSeconds } = error as Error & { readonly code?: unknown; readonly fix?: unknown; readonly fields?: unknown; readonly retryAfterSeconds?: unknown }
  // A stack is put into words when it is read, which takes longer than all else here.
  const frames = stack !== undefined && typeof error.stack === 'string' ? stack(error.stack) : undefined
  const number = passed?.(error)
  return {
    name: String(name).slice(0, 200),
    message: clean(String(message)).slice(0, MOST_TEXT),
    ...(typeof code === 'string' ? { code: code.slice(0, 100) } : {}),
    ...(typeof fix === 'string' ? { fix: clean(fix).slice(0, MOST_FIX) } : {}),
    ...(isTexts(fields) ? { fields: Object.fromEntries(Object.entries(fields).slice(0, 100).map(([field, text]) => [field.slice(0, 300), clean(text).slice(0, MOST_FIX)])) } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
    ...(isRetryLater(error) ? { retryLater: true as const } : {}),
    ...(number === undefined ? {} : { passed: number }),
    ...(frames === undefined ? {} : { stack: frames.slice(0, MOST_TEXT) }),
    ...(error.cause === undefined || depth >= MOST_CAUSES ? {} : { cause: toWireError(error.cause, wording, depth + 1) }),
  }
}

/** A refusal of the kernel as the plugin gets it: the platform's own error where it is one, else one that says whose it is and its code. */
export function refusalOf({ name, message, code, fix, fields, retryAfterSeconds, cause }: WireError): Error {
  const details = cause === undefined ? {} : { cause: refusalOf(cause) }
  if (name === 'PlatformError' && code !== undefined) {
    return new PlatformError(code as PlatformError['code'], message, {
      ...details, fix: fix ?? '', ...(fields === undefined ? {} : { fields: fields as Readonly<Record<string, string>> }), ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  }
  const error = new Error(message, details)
  error.name = name
  return code === undefined ? error : Object.assign(error, { code })
}

function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : `Something was thrown that is no error: ${thrown === null ? 'null' : typeof thrown}.`
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string')
}
