import { RetryLater } from '@liberacces/sdk'
import type { Origin } from '../runtime/runtime.ts'
import type { OpenCall } from './broker/open-call.ts'
import type { WireError, WireReads } from './protocol.ts'

/** What a plugin threw. A refusal of the kernel that it let pass is the kernel's own again; any other is the plugin's, whatever it calls itself. */
export function pluginError(said: WireError, call: OpenCall): unknown {
  const passed = said.passed === undefined ? undefined : call.refusal(said.passed)
  if (passed !== undefined) return passed
  const { name, message, code, stack, retryLater, cause } = said
  const details = cause === undefined ? {} : { cause: pluginError(cause, call) }
  if (retryLater === true) return Object.assign(new RetryLater(message), details)
  const error = new Error(message, details)
  error.name = name
  error.stack = `${name}: ${message}${stack === undefined ? '' : `\n${stack}`}`
  return code === undefined ? error : Object.assign(error, { code })
}

/** Notes what a call read that the kernel cannot see. */
export function noteReads({ reads }: Pick<Origin, 'reads'>, said: WireReads | undefined): void {
  if (said?.beyond === true) reads?.beyond()
  if (said?.clock === true) reads?.clock()
  if (said?.until !== undefined) reads?.holdsUntil(said.until)
}
