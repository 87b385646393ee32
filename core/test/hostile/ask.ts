import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

/** An answer as it came. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The code of a problem. */
  readonly code: string | undefined
}

/** Asks a tenant, on a connection of its own. @param session - of whom; nobody's without */
export function ask(port: number, host: string, path: string, accept = 'application/json', session?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  httpRequest({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}`, accept, connection: 'close', ...(session === undefined ? {} : { cookie: `liberacces_session=${session}` }) }, agent: false }, (answer) => {
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject).on('end', () => {
      const text = Buffer.concat(parts).toString()
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, code: /"code":"(\w+)"/.exec(text)?.[1] })
    })
  }).on('error', reject).end()
  return promise
}
