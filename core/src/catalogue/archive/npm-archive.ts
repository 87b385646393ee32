import { homedir } from 'node:os'
import type * as Pacote from 'pacote'
import { PlatformError } from '../../errors.ts'
import { ARCHIVE_LIMITS } from './archive-limits.ts'

/** `name`, `@scope/name`, with `@version`, `@range` or `@tag`. No address, no alias, no file: those are npm's, not ours. */
const NPM_SPEC = /^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*(?:@[^\s/:@]+)?$/

/** Whether a text can only be, or may be, the name of an npm package. Pure. */
export function isNpmSpec(spec: string): boolean {
  return NPM_SPEC.test(spec)
}

/** An archive from a registry. */
export interface NpmArchive {
  readonly bytes: Buffer
  /** `npm:name@version` */
  readonly source: string
}

/**
 * Fetches a package as npm does: registry, login, proxies and certificates from the npm configuration of the server's user, integrity
 * checked against the registry's. No script is run, and nothing but a registry is asked.
 * @throws PlatformError `ARCHIVE_UNAVAILABLE`
 */
export async function npmArchive(spec: string): Promise<NpmArchive> {
  const { pacote, config } = await npmLibraries(spec)
  const options = {
    ...config,
    // Whatever the user's configuration says: a registry's tarball is data here.
    ignoreScripts: true, allowGit: 'none', allowRemote: 'none', allowFile: 'none', allowDirectory: 'none', fullMetadata: false,
  }
  try {
    const { name, version, _resolved: resolved, _integrity: integrity } = await pacote.manifest(spec, options)
    const bytes = await pacote.tarball.stream(`${name}@${version}`, (stream) => collect(stream), { ...options, resolved, ...(integrity === undefined ? {} : { integrity }) })
    return { bytes, source: `npm:${name}@${version}` }
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `npm cannot give "${spec}": ${reasonOf(cause)}`, { fix: 'See whether `npm view` finds it as the user of the server; the registry is that of the npm configuration.', cause })
  }
}

interface Libraries {
  readonly pacote: Pick<typeof Pacote, 'manifest' | 'tarball'>
  readonly config: Readonly<Record<string, unknown>>
}

async function npmLibraries(spec: string): Promise<Libraries> {
  try {
    const [{ default: pacote }, { default: Config }, { default: known }] = await Promise.all([import('pacote'), import('@npmcli/config'), import('@npmcli/config/lib/definitions/index.js')])
    // The user's own configuration and the environment; not that of whichever folder one happens to be in.
    const config = new Config({ ...known, npmPath: import.meta.dirname, cwd: homedir(), argv: [], env: process.env, execPath: process.execPath, platform: process.platform })
    await config.load()
    return { pacote, config: config.flat }
  } catch (cause) {
    throw new PlatformError('ARCHIVE_UNAVAILABLE', `"${spec}" is an npm name, and npm's libraries cannot be loaded: ${reasonOf(cause)}`,
      { fix: 'Install `pacote` and `@npmcli/config` beside the platform, or fetch the package with `npm pack` and install the .tgz.', cause })
  }
}

/** All of a stream, unless it is larger than any archive may be. */
async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > ARCHIVE_LIMITS.archiveBytes) throw new PlatformError('ARCHIVE_INVALID', `It has more than ${ARCHIVE_LIMITS.archiveBytes} bytes.`, { fix: 'Pack only what the plugin needs.' })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** The first line of what npm says, without what an address may hold of a login. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return (message.split('\n')[0] ?? '').replace(/\/\/[^/\s@]+@/g, '//')
}
