import { readFileSync, readlinkSync } from 'node:fs'
import { availableParallelism, hostname, networkInterfaces, userInfo } from 'node:os'
import { evil } from '../evil-plugin.ts'

const read = (body: () => unknown): string => {
  try {
    return JSON.stringify(body()) ?? ''
  } catch (error) {
    return `refused: ${String(error)}`
  }
}

/** Looks around for what tells of the platform: all that it finds is in its answer, where the test looks for secrets. */
export default evil('reads-surroundings', (_, { pids = [] }) => {
  const sources: Readonly<Record<string, () => unknown>> = {
    'environment': () => process.env,
    'arguments': () => [process.argv, process.execArgv, process.title],
    'folder': () => process.cwd(),
    'report': () => process.report.getReport(),
    'machine': () => [hostname(), userInfo(), availableParallelism(), networkInterfaces()],
    'mapped files': () => readFileSync('/proc/self/maps', 'latin1'),
    'own environment': () => readFileSync('/proc/self/environ', 'latin1'),
    'own descriptors': () => Array.from({ length: 30 }, (_unused, descriptor) => read(() => readlinkSync(`/proc/self/fd/${descriptor}`))),
    ...Object.fromEntries(pids.flatMap((pid) => (['environ', 'cmdline', 'maps', 'mem'] as const).map((what) => [`${what} of ${pid}`, () => readFileSync(`/proc/${pid}/${what}`, 'latin1')] as const))),
    // A descriptor that was handed down by mistake could be read without a name.
    ...Object.fromEntries(Array.from({ length: 30 }, (_unused, descriptor) => [`descriptor ${descriptor + 4}`, () => readFileSync(descriptor + 4, 'latin1').slice(0, 100)] as const)),
  }
  return Object.entries(sources).map(([what, body]) => ({ what, got: read(body) }))
}, { callMs: 5_000 })
