import { fstatSync, readFileSync, readlinkSync } from 'node:fs'
import { availableParallelism, hostname, networkInterfaces, userInfo } from 'node:os'
import * as util from 'node:util'
import { evil } from '../evil-plugin.ts'

const read = (body: () => unknown): string => {
  try {
    return JSON.stringify(body()) ?? ''
  } catch (error) {
    return `refused: ${String(error)}`
  }
}

/** What a descriptor leads to. A pipe or a socket says nothing until somebody writes: whoever reads one would wait, and find nothing else. */
function readAny(descriptor: number): string {
  const found = fstatSync(descriptor)
  if (!found.isFile() && !found.isDirectory()) throw new Error('nothing that can be read from its beginning')
  return readFileSync(descriptor, 'latin1').slice(0, 100)
}

function stackOf(body: () => unknown): unknown {
  try {
    return body()
  } catch (error) {
    return (error as Error).stack
  }
}

/** Where the functions lie that lead here, as a library would find it out. */
function callSites(): unknown {
  const shapes = Error as { prepareStackTrace: unknown }
  const before = shapes.prepareStackTrace
  shapes.prepareStackTrace = (_: Error, sites: unknown) => sites
  const sites = new Error('looking').stack as unknown as readonly { getFileName(): string; toString(): string }[]
  shapes.prepareStackTrace = before
  return sites.map((site) => [site.getFileName(), site.toString()])
}

/** Looks around for what tells of the platform: all that it finds is in its answer, where the test looks for secrets. */
export default evil('reads-surroundings', (_, { pids = [] }) => {
  const sources: Readonly<Record<string, () => unknown>> = {
    'environment': () => process.env,
    'arguments': () => [process.argv, process.execArgv, process.execPath, process.title],
    'stack': () => new Error('looking').stack,
    'call sites': () => callSites(),
    'call sites of Node': () => (util as unknown as { readonly getCallSites: () => unknown }).getCallSites(),
    'stack of a refusal': () => stackOf(() => process.kill(1, 0)),
    'folder': () => process.cwd(),
    'report': () => process.report.getReport(),
    'machine': () => [hostname(), userInfo(), availableParallelism(), networkInterfaces()],
    'mapped files': () => readFileSync('/proc/self/maps', 'latin1'),
    'own environment': () => readFileSync('/proc/self/environ', 'latin1'),
    'own descriptors': () => Array.from({ length: 30 }, (_unused, descriptor) => read(() => readlinkSync(`/proc/self/fd/${descriptor}`))),
    ...Object.fromEntries(pids.flatMap((pid) => (['environ', 'cmdline', 'maps', 'mem'] as const).map((what) => [`${what} of ${pid}`, () => readFileSync(`/proc/${pid}/${what}`, 'latin1')] as const))),
    // A descriptor that was handed down by mistake could be read without a name.
    ...Object.fromEntries(Array.from({ length: 30 }, (_unused, descriptor) => [`descriptor ${descriptor + 4}`, () => readAny(descriptor + 4)] as const)),
  }
  return Object.entries(sources).map(([what, body]) => ({ what, got: read(body) }))
}, { callMs: 5_000 })
