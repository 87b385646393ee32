import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A pair of keys that a service knows. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
/** How far clocks may be apart, in milliseconds. */
const SKEW_MS = 15 * 60_000

/**
 * What is wrong with the signature of a request, as a service's code; `undefined` when nothing is. Strict: the path and query are those that
 * were sent, and what must be signed is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signatureProblem(method: string, url: string, headers: IncomingHttpHeaders, { accessKeyId, secretAccessKey }: Keys): string | undefined {
  const [, id, date = '', region = '', signed = '', signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? []
  if (signature === undefined) return 'AccessDenied'
  if (id !== accessKeyId) return 'InvalidAccessKeyId'
  const [, at = '', clock = ''] = /^(\d{8})T(\d{6})Z$/.exec(String(headers['x-amz-date'])) ?? []
  const time = Date.parse(`${at.replace(/(....)(..)(..)/, '$1-$2-$3')}T${clock.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`)
  if (!(Math.abs(Date.now() - time) < SKEW_MS)) return 'RequestTimeTooSkewed'
  const names = signed.split(';')
  const unsigned = Object.keys(headers).filter((name) => (name === 'host' || name.startsWith('x-amz-') || name === 'content-md5') && !names.includes(name))
  if (unsigned.length > 0) return 'AccessDenied'
  const [path = '', query = ''] = url.split('?')
  const canonicalQuery = query.split('&').filter((pair) => pair !== '').map((pair) => (pair.includes('=') ? pair : `${pair}=`)).toSorted().join('&')
  const canonical = [method, path, canonicalQuery, ...names.map((name) => `${name}:${String(headers[name]).trim()}`), '', signed, headers['x-amz-content-sha256']].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}
