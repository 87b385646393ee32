import { join } from 'node:path'
import { readJsonFile, writePrivateFile } from './private-file.ts'

/** How far a demonstration has come. `undefined` means that none was ever begun. */
export type DemoState =
  | {
    readonly state: 'filling'
    /** What is filled, `<tenant id> <plugin id>`. */
    readonly filled: readonly string[]
    /** What is being filled; when the process died at it, it starts over empty. */
    readonly filling?: string
  }
  | { readonly state: 'complete' }

const pathOf = (dataFolder: string): string => join(dataFolder, 'demo.json')

/** Reads how far the demonstration of a data folder has come. */
export function readDemoState(dataFolder: string): DemoState | undefined {
  return readJsonFile(pathOf(dataFolder)) as DemoState | undefined
}

/** Notes how far it has come. */
export function writeDemoState(dataFolder: string, state: DemoState): void {
  writePrivateFile(pathOf(dataFolder), `${JSON.stringify(state)}\n`)
}
