import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from '../config.ts'

const SECRET = ['password', 'cookie', 'cookies', 'authorization', 'token', 'secret', 'csrfToken']
// Pino takes exact paths: the name itself, and up to two levels below; headers are written with a dash too.
const REDACTED = [...SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), '*["set-cookie"]', '*.*["set-cookie"]', '["set-cookie"]']

/**
 * The platform's log: one JSON object a line, passwords, cookies and tokens blanked.
 * @param destination - standard output when left out
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[hidden]' },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
