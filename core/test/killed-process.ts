import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a program of ours to its end. @returns the signal that killed it; `null` when it ended by itself */
export async function signalThatEnds(program: string, ...args: readonly string[]): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
  await once(child, 'exit')
  return child.signalCode
}
