import { fits } from '../validation.ts'
import { FROM_PLUGIN, QUESTIONS, type FromPlugin, type QuestionName } from './protocol.ts'

/** Holds what a plugin's side said against the protocol; `undefined` for what is none of its messages. */
export function parseFromPlugin(message: Readonly<Record<string, unknown>>): FromPlugin | undefined {
  const { kind } = message
  if (typeof kind !== 'string' || !Object.hasOwn(FROM_PLUGIN, kind)) return undefined
  const schema = FROM_PLUGIN[kind as FromPlugin['kind']]
  if (!fits(schema, message)) return undefined
  if (kind === 'ask' && !fits(QUESTIONS[message['what'] as QuestionName], message['with'])) return undefined
  return message as FromPlugin
}
