import { fits } from '../validation.ts'
import { FROM_PLUGIN, type FromPlugin } from './protocol.ts'

/** Holds what a plugin's side said against the protocol; `undefined` for what is none of its messages. What comes with a question is looked at where it is answered: asking wrongly costs the answer, and not the process. */
export function parseFromPlugin(message: Readonly<Record<string, unknown>>): FromPlugin | undefined {
  const { kind } = message
  if (typeof kind !== 'string' || !Object.hasOwn(FROM_PLUGIN, kind)) return undefined
  const schema = FROM_PLUGIN[kind as FromPlugin['kind']]
  if (!fits(schema, message)) return undefined
  return message as FromPlugin
}
