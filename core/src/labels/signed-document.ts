import type { Static, TSchema } from '@sinclair/typebox'
import { misfit } from '../validation.ts'
import type { Envelope } from './dsse.ts'
import { labelFault } from './label-fault.ts'

/** What an envelope holds, when it is of that kind and shape. @throws PlatformError `LABEL_INVALID` */
export function documentIn<Schema extends TSchema>({ payloadType, payload }: Envelope, type: string, schema: Schema, what: string): Static<Schema> {
  const wrong = (why: string, cause?: unknown): never => { throw labelFault('LABEL_INVALID', `${what} is not what it should be: ${why}.`, 'Give the file of that kind, as it was published.', cause) }
  if (payloadType !== type) wrong(`it is of the type ${JSON.stringify(payloadType.slice(0, 100))}, not ${type}`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload))
  } catch (cause) {
    return wrong(cause instanceof Error ? cause.message : String(cause), cause)
  }
  const misfitting = misfit(schema, value)
  if (misfitting !== undefined) wrong(misfitting)
  return value as Static<Schema>
}
