import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { PlatformError } from '../../errors.ts'

/** Where the database is, and how it is to be spoken to. Holds a password: never print it, print `name`. */
export interface DatabaseAddress {
  /** A name, an address, or the folder of a socket. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  /** `false` for none; else node's options for TLS. */
  readonly tls: false | { readonly rejectUnauthorized: boolean; readonly ca?: string }
  /** Whether statements are prepared once and kept by name. */
  readonly prepares: boolean
  /** Most connections that this process opens. */
  readonly connections: number
  /** Host, port and database, for people. */
  readonly name: string
  /** What the database shows for its connections. @defaultValue `liberacces` */
  readonly applicationName?: string
}

/** Fewest connections with which the kernel and the plugins never wait for each other for ever. */
const FEWEST = 6
const DEFAULT_CONNECTIONS = 24
const VARIABLE = 'LIBERACCES_DATABASE_URL'
const OPTIONS: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'prepared', 'connections', 'host'])

/**
 * Takes apart `postgres://user:password@host:5432/database?sslmode=verify-full&prepared=on&connections=24`.
 * @throws PlatformError `CONFIG_INVALID`; the message holds nothing of the address, which has a password in it
 */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) {
    throw wrong('it is no address of a PostgreSQL database', 'Give postgres://user:password@host:5432/database; write special characters in them as %40 and the like.')
  }
  for (const option of url.searchParams.keys()) {
    if (!OPTIONS.has(option)) throw wrong(`it has an option "${option}" that is not known`, `Options are ${[...OPTIONS].join(', ')}.`)
  }
  const host = decoded(url.searchParams.get('host') ?? url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'
  const database = decoded(url.pathname.slice(1))
  const user = decoded(url.username)
  if (database === '' || user === '') throw wrong(`it names no ${database === '' ? 'database' : 'user'}`, 'Give postgres://user:password@host:5432/database.')
  const port = Number(url.port || '5432')
  return {
    host, port, database, user,
    password: url.password === '' ? undefined : decoded(url.password),
    tls: tlsOf(url.searchParams.get('sslmode'), url.searchParams.get('sslrootcert'), host),
    prepares: switchOf(url.searchParams.get('prepared') ?? 'on'),
    connections: connectionsOf(url.searchParams.get('connections')),
    name: host.startsWith('/') ? `${database} at ${host}` : `${database} at ${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
  }
}

function tlsOf(mode: string | null, certificate: string | null, host: string): DatabaseAddress['tls'] {
  const isNear = host === 'localhost' || host.startsWith('/') || host.startsWith('127.') || host === '::1'
  switch (mode ?? (isNear ? 'disable' : 'verify-full')) {
    case 'disable': return false
    case 'require': return { rejectUnauthorized: false }
    case 'verify-full': return { rejectUnauthorized: true, ...(certificate === null ? {} : { ca: certificateOf(certificate) }) }
    default: throw wrong('its sslmode is not known', 'Give disable, require (encrypted, whoever answers) or verify-full (encrypted, and the certificate is checked; what a host other than this machine gets by itself).')
  }
}

function certificateOf(path: string): string {
  if (!existsSync(path)) throw wrong('its sslrootcert is not there', 'Name a readable file with the certificate of the authority, in PEM.')
  return readFileSync(path, 'utf8')
}

function switchOf(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw wrong('its option "prepared" is neither on nor off', 'Give off for a PgBouncer older than 1.21 that hands out connections by transaction.')
  return text === 'on'
}

function connectionsOf(text: string | null): number {
  const connections = Number(text ?? DEFAULT_CONNECTIONS)
  if (!Number.isInteger(connections) || connections < FEWEST || connections > 1_000) throw wrong('its option "connections" is no number of connections', `Give a whole number from ${FEWEST} to 1000; ${DEFAULT_CONNECTIONS} is what it is when left out.`)
  return connections
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('it holds a % that stands for nothing', 'Write a % itself as %25.')
  }
}

function wrong(what: string, fix: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `${VARIABLE}: ${what}.`, { fix })
}
