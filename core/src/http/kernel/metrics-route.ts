import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpMetrics } from '../http-metrics.ts'

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'] as const

/** Whether this machine itself asks. Behind a proxy on the same machine everyone comes from loopback, and the proxy says so. */
export function isLocalMetricsRequest({ method, socket, headers }: IncomingMessage): boolean {
  return method === 'GET' && LOOPBACK.has(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined)
}

/** Sends all metrics in Prometheus' text format. */
export async function sendMetrics({ registry }: HttpMetrics, response: ServerResponse): Promise<void> {
  const text = await registry.metrics()
  response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text)
}
