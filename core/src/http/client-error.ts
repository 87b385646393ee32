import type { Duplex } from 'node:stream'

/** Answers bytes that are no HTTP request, or one that came too slowly: nobody else ever sees it. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title] = error.code === 'HPE_HEADER_OVERFLOW'
    ? ['431 Request Header Fields Too Large', 'The headers are larger than allowed.']
    : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? ['408 Request Timeout', 'The request came too slowly.'] : ['400 Bad Request', 'This is no HTTP request that can be read.']
  const body = JSON.stringify({ type: '/docs/errors#REQUEST_INVALID', title, status: Number(status.slice(0, 3)), code: 'REQUEST_INVALID' })
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
