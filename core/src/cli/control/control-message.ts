import { Type, type Static } from '@sinclair/typebox'

/**
 * What travels over the control socket, one JSON document a line: a request from the caller, then replies until one says
 * how the command ended.
 */
export const ControlRequest = Type.Object({
  /** The command line after `liberacces`. */
  argv: Type.Array(Type.String(), { maxItems: 200 }),
  /** All of the caller's standard input, when the command takes a secret from there. */
  stdin: Type.Optional(Type.String()),
  /** The caller's working directory, where relative paths start. */
  folder: Type.Optional(Type.String()),
})
/** See {@link ControlRequest}. */
export type ControlRequest = Static<typeof ControlRequest>

/** Something for the caller to print, or the exit code, which comes last. */
export const ControlReply = Type.Union([
  Type.Object({ stdout: Type.String() }),
  Type.Object({ stderr: Type.String() }),
  Type.Object({ exit: Type.Integer({ minimum: 0, maximum: 255 }) }),
])
/** See {@link ControlReply}. */
export type ControlReply = Static<typeof ControlReply>

/** Longest text that one reply carries, in UTF-16 units; a longer one comes in several, and none fills a line even when each unit takes six bytes. */
export const LONGEST_PART = 256 * 1024

/** Longest line that is taken, in bytes; a longer one ends the connection. */
export const LONGEST_LINE = 4 * 1024 * 1024
