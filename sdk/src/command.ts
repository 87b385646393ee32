import type { Static, TObject, TSchema } from '@sinclair/typebox'

/** A command of a plugin, for the operator's command line: `liberacces plugin run <plugin> <name> --tenant T [option=value…]`. */
export interface CommandSpec {
  /** Unique within the plugin. */
  readonly name: string
  /** One line, in English, as the command line speaks. */
  readonly summary: string
  /** What it takes: texts, numbers, booleans, choices, and lists of texts, given as `option=value`; lists with commas between. @defaultValue nothing */
  readonly input?: TObject
  /** What it answers: an object, or a list of objects, shown as a table. */
  readonly output: TSchema
  /** Longest it may take, in milliseconds: 1 to 60 000. @defaultValue the plugin's `limits.callMs` */
  readonly timeoutMs?: number
}

/** What a command's `run` is given. */
export type CommandInput<Spec extends CommandSpec> = Spec['input'] extends TObject ? Static<Spec['input']> : Readonly<Record<string, never>>
