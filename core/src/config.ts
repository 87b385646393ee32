import { isIP } from 'node:net'
import { isAbsolute, resolve } from 'node:path'
import { readProcessGroups } from './catalogue/read-process-groups.ts'
import { readRuntimeChoice } from './catalogue/read-runtime-choice.ts'
import type { RuntimeChoice } from './catalogue/runs-in.ts'
import { readEgressPolicy, type EgressPolicy } from './egress/egress-policy.ts'
import { PlatformError } from './errors.ts'
import { isAddress } from './mail/check-mail.ts'
import type { GroupChoice } from './process/group/groups.ts'
import { readOtlpConfig, type OtlpConfig } from './tracing/otlp-config.ts'
import { readS3Address, type S3Address } from './storage/files/s3/s3-address.ts'
import { WALL_POLICIES, type WallPolicy } from './process/box/wall-policy.ts'
import { parseDatabaseUrl } from './storage/postgres/database-address.ts'

/** How much the platform writes to its log. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What the environment decides. */
export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute path. */
  readonly dataFolder: string
  /** Tenants answer at `<slug>.<baseDomain>`. */
  readonly baseDomain: string
  readonly logLevel: LogLevel
  /** Addresses or ranges (CIDR) of reverse proxies that say truly who asks. */
  readonly trustedProxies: readonly string[]
  /** Mail server, `smtp://…` or `smtps://…`, with user and password where it wants them; without it mails wait. */
  readonly smtpUrl: string | undefined
  /** Address that mails come from. */
  readonly mailFrom: string | undefined
  /** File with the server's secret; without it one is made in the data folder. */
  readonly secretFile: string | undefined
  /** Where traces are sent; without it nowhere. */
  readonly tracing: OtlpConfig | undefined
  /** The bucket that files lie in, with its keys; without it they lie in the data folder. */
  readonly files: S3Address | undefined
  /** PostgreSQL database, `postgres://…`; without it the data lies in the data folder, in SQLite. Holds a password: never print it. */
  readonly databaseUrl: string | undefined
  /** Where plugins may go beyond the public internet. */
  readonly egress: EgressPolicy
  /** Where applications in other languages ask the platform, `https://…`; without it at the tenant's own address, and on loopback for one on this machine. */
  readonly callbackUrl: string | undefined
  /** How long a server that was asked to stop goes on answering while `/readyz` already says no, in milliseconds. */
  readonly stopDelayMs: number
  /** Where plugins run. */
  readonly runtime: RuntimeChoice
  /** Plugins that share a process. */
  readonly processGroups: readonly GroupChoice[]
  /** Which walls stand around plugins in processes of their own. */
  readonly walls: WallPolicy
  /** How many failures within a minute it takes until a tenant's calls into a plugin are not tried for a while; `off` for never. */
  readonly breaker: { readonly failures: number } | 'off'
}

/**
 * Reads the environment (see `docs/reference/configuration.md`).
 * @throws PlatformError `CONFIG_INVALID` with one sentence: which variable, what is wrong, what would be right
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, folder: string): Config {
  const processGroups = readProcessGroups(env['LIBERACCES_PROCESS_GROUPS'])
  return {
    port: portOf(env['PORT'] || '3000'),
    host: hostOf(env['HOST'] || '127.0.0.1'),
    dataFolder: resolve(folder, env['LIBERACCES_DATA'] || 'data'),
    baseDomain: domainOf(env['LIBERACCES_BASE_DOMAIN'] || 'localhost'),
    logLevel: levelOf(env['LIBERACCES_LOG'] || 'info'),
    trustedProxies: proxiesOf(env['LIBERACCES_TRUSTED_PROXIES'] || ''),
    ...mailOf(env['LIBERACCES_SMTP_URL'] || undefined, env['LIBERACCES_MAIL_FROM'] || undefined),
    secretFile: secretOf(env['LIBERACCES_SECRET_FILE'] || undefined, folder),
    tracing: readOtlpConfig(env),
    files: readS3Address(env['LIBERACCES_FILES'], env),
    databaseUrl: databaseOf(env['LIBERACCES_DATABASE_URL'] || undefined),
    egress: readEgressPolicy(env['LIBERACCES_EGRESS_ALLOW'] || ''),
    runtime: readRuntimeChoice(env['LIBERACCES_RUNTIME'], env['LIBERACCES_RUNTIME_OF'], processGroups),
    processGroups,
    breaker: breakerOf(env['LIBERACCES_BREAKER'] || '5'),
    callbackUrl: callbackOf(env['LIBERACCES_CALLBACK_URL'] || undefined),
    stopDelayMs: delayOf(env['LIBERACCES_STOP_DELAY'] || (env['LIBERACCES_DATABASE_URL'] ? '5' : '0')),
    walls: wallsOf(env['LIBERACCES_WALLS'] || 'best'),
  }
}

/** Whether a domain is this machine's own. Browsers take `*.localhost` for safe without TLS, and would not send cookies marked Secure over plain HTTP. */
export function isLocalDomain(domain: string): boolean {
  return domain === 'localhost' || domain.endsWith('.localhost')
}

function wrong(variable: string, what: string, right: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `${variable}: ${what}.`, { fix: `${right[0]?.toUpperCase()}${right.slice(1)}.` })
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw wrong('PORT', `"${text}" is no port`, 'give a whole number from 0 (any free port) to 65535')
  return port
}

function hostOf(text: string): string {
  if (!/^[0-9A-Za-z.:-]+$/.test(text)) throw wrong('HOST', `"${text}" is no address to listen on`, 'give an address such as 127.0.0.1, 0.0.0.0 or ::')
  return text
}

function domainOf(text: string): string {
  const domain = text.toLowerCase()
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(domain)) {
    throw wrong('LIBERACCES_BASE_DOMAIN', `"${text}" is no domain name`, 'give a name such as localhost or pool.example.fr, without scheme, port or slash')
  }
  return domain
}

function levelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text)
  if (level === undefined) throw wrong('LIBERACCES_LOG', `"${text}" is no log level`, `give one of ${LOG_LEVELS.join(', ')}`)
  return level
}

function proxiesOf(text: string): readonly string[] {
  const proxies = text.split(',').map((part) => part.trim()).filter((part) => part !== '')
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address)
    if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))) {
      throw wrong('LIBERACCES_TRUSTED_PROXIES', `"${proxy}" is no address or range`, 'give addresses such as 127.0.0.1 or 10.0.0.0/8, with commas between')
    }
  }
  return proxies
}

// What is wrong with it is said without it: it may hold a password.
function mailOf(text: string | undefined, from: string | undefined): Pick<Config, 'smtpUrl' | 'mailFrom'> {
  if (from !== undefined && !isAddress(from)) throw wrong('LIBERACCES_MAIL_FROM', `"${from}" is no mail address`, 'give a bare address such as ne-pas-repondre@pool.example.fr')
  if (text === undefined) return { smtpUrl: undefined, mailFrom: from }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '') {
    throw wrong('LIBERACCES_SMTP_URL', 'it is no address of a mail server', 'give smtp://host:587 or smtps://host, with user:password@ before the host if it wants them; write special characters in them as %40 and the like')
  }
  if (from === undefined) throw wrong('LIBERACCES_MAIL_FROM', 'it is missing beside LIBERACCES_SMTP_URL', 'give the address that mails come from, such as ne-pas-repondre@pool.example.fr')
  return { smtpUrl: text, mailFrom: from }
}

function databaseOf(text: string | undefined): string | undefined {
  if (text !== undefined) parseDatabaseUrl(text)
  return text
}

function callbackOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw wrong('LIBERACCES_CALLBACK_URL', 'it is no address of this platform', 'give https://host[:port] by which applications reach it, without a path')
  }
  return url.origin
}

function delayOf(text: string): number {
  const seconds = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds > 300) throw wrong('LIBERACCES_STOP_DELAY', `"${text}" is no number of seconds`, 'give seconds from 0 to 300: a little more than it takes whoever shares out requests to ask /readyz again')
  return Math.round(seconds * 1_000)
}

function breakerOf(text: string): Config['breaker'] {
  if (text === 'off') return 'off'
  const failures = Number(text)
  if (!/^\d{1,6}$/.test(text) || failures < 1) throw wrong('LIBERACCES_BREAKER', `"${text}" is no number of failures`, 'give a whole number from 1: so many failed calls of a tenant into a plugin within a minute, half of its calls at least, and it is not tried for a while; or "off"')
  return { failures }
}

function wallsOf(text: string): WallPolicy {
  const policy = WALL_POLICIES.find((one) => one === text)
  if (policy === undefined) throw wrong('LIBERACCES_WALLS', `"${text}" is no choice of walls`, `give one of ${WALL_POLICIES.join(', ')}`)
  return policy
}

function secretOf(text: string | undefined, folder: string): string | undefined {
  if (text === undefined) return undefined
  return isAbsolute(text) ? text : resolve(folder, text)
}
