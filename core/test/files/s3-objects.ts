import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** An answer of the service. */
export interface S3Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** A request that was let in. */
export interface S3Request {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Upload {
  readonly key: string
  readonly parts: Map<number, Buffer>
}

/** Keys on a page of a list, whatever more is asked for: real services have pages too, and a test has few objects. */
const PAGE = 3
/** Smallest part of an upload but the last, in bytes, as services have it. */
const LEAST_PART = 5 * 1_048_576

/** One bucket in memory, with the requests of the S3 interface that the platform makes. Anything else is refused, as is what a real service would refuse. */
export class S3Objects {
  readonly #bucket: string
  readonly #objects = new Map<string, Buffer>()
  readonly #uploads = new Map<string, Upload>()

  constructor(bucket: string) {
    this.#bucket = bucket
  }

  /** Uploads that were begun and neither completed nor given up. */
  get openUploads(): number {
    return this.#uploads.size
  }

  answer({ method, url, headers, body }: S3Request): S3Answer {
    const [path = '', search = ''] = url.split('?')
    const query = new URLSearchParams(search)
    const [, bucket = '', ...rest] = path.split('/')
    const key = rest.map(decodeURIComponent).join('/')
    if (bucket !== this.#bucket) return refusal(404, 'NoSuchBucket')
    const digest = headers['content-md5']
    if (digest !== undefined && createHash('md5').update(body).digest('base64') !== digest) return refusal(400, 'BadDigest')
    const sha256 = headers['x-amz-checksum-sha256']
    if (sha256 !== undefined && createHash('sha256').update(body).digest('base64') !== sha256) return refusal(400, 'BadDigest')
    if (key === '') {
      if (method === 'GET' && query.has('uploads')) return this.#listUploads(query)
      if (method === 'GET' && query.get('list-type') === '2') return this.#list(query)
      if (method === 'POST' && query.has('delete')) return this.#deleteMany(body, digest ?? sha256)
      return refusal(501, 'NotImplemented')
    }
    const uploadId = query.get('uploadId')
    if (method === 'POST' && query.has('uploads')) return this.#begin(key)
    if (uploadId !== null) return this.#multipart(method, key, uploadId, query, body)
    switch (method) {
      case 'PUT': return headers['x-amz-copy-source'] === undefined ? this.#put(key, body) : this.#copy(key, String(headers['x-amz-copy-source']))
      case 'GET':
      case 'HEAD': return this.#get(key, headers.range)
      case 'DELETE':
        this.#objects.delete(key)
        return { status: 204 }
      default: return refusal(405, 'MethodNotAllowed')
    }
  }

  #put(key: string, body: Buffer): S3Answer {
    this.#objects.set(key, body)
    return { status: 200, headers: { etag: etagOf(body) } }
  }

  #get(key: string, range: string | undefined): S3Answer {
    const object = this.#objects.get(key)
    if (object === undefined) return refusal(404, 'NoSuchKey')
    const headers = { etag: etagOf(object), 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' }
    if (range === undefined) return { status: 200, headers, body: object }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
    const [start, end] = [Number(first), Math.min(Number(last), object.length - 1)]
    if (!(start <= end)) return refusal(416, 'InvalidRange')
    return { status: 206, headers: { ...headers, 'content-range': `bytes ${start}-${end}/${object.length}` }, body: object.subarray(start, end + 1) }
  }

  #copy(key: string, source: string): S3Answer {
    const [, bucket, ...from] = decodeURIComponent(source).replace(/^\/?/, '/').split('/')
    const object = bucket === this.#bucket ? this.#objects.get(from.join('/')) : undefined
    if (object === undefined) return refusal(404, 'NoSuchKey')
    this.#objects.set(key, object)
    return xml(`<CopyObjectResult><LastModified>2026-11-26T00:00:00.000Z</LastModified><ETag>${etagOf(object)}</ETag></CopyObjectResult>`)
  }

  #list(query: URLSearchParams): S3Answer {
    const [prefix, delimiter, after] = [query.get('prefix') ?? '', query.get('delimiter') ?? '', query.get('continuation-token') ?? '']
    const most = Math.min(PAGE, Number(query.get('max-keys') ?? 1_000))
    const found = new Map<string, number | undefined>()
    for (const key of [...this.#objects.keys()].toSorted()) {
      if (!key.startsWith(prefix)) continue
      const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      if (cut === -1) found.set(key, this.#objects.get(key)?.length)
      else found.set(key.slice(0, cut + 1), undefined)
    }
    const rest = [...found].filter(([key]) => key > after)
    const page = rest.slice(0, most)
    const last = page.at(-1)?.[0] ?? ''
    const items = page.map(([key, size]) => (size === undefined ? `<CommonPrefixes><Prefix>${key}</Prefix></CommonPrefixes>` : `<Contents><Key>${key}</Key><LastModified>2026-11-26T00:00:00.000Z</LastModified><ETag>&quot;x&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`))
    const more = rest.length > page.length
    return xml(`<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${this.#bucket}</Name><Prefix>${prefix}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${last}</NextContinuationToken>` : ''}${items.join('')}</ListBucketResult>`)
  }

  #deleteMany(body: Buffer, digest: string | string[] | undefined): S3Answer {
    if (digest === undefined) return refusal(400, 'InvalidRequest')
    const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key)
    if (keys.length === 0 || keys.length > 1_000) return refusal(400, 'MalformedXML')
    for (const key of keys) this.#objects.delete(key)
    return xml(`<DeleteResult>${keys.map((key) => `<Deleted><Key>${key}</Key></Deleted>`).join('')}</DeleteResult>`)
  }

  #begin(key: string): S3Answer {
    const id = randomUUID()
    this.#uploads.set(id, { key, parts: new Map() })
    return xml(`<InitiateMultipartUploadResult><Bucket>${this.#bucket}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  }

  #multipart(method: string, key: string, id: string, query: URLSearchParams, body: Buffer): S3Answer {
    const upload = this.#uploads.get(id)
    if (upload === undefined || upload.key !== key) return refusal(404, 'NoSuchUpload')
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body)
      return { status: 200, headers: { etag: etagOf(body) } }
    }
    if (method === 'DELETE') {
      this.#uploads.delete(id)
      return { status: 204 }
    }
    const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>\s*<ETag>(?:"|&quot;)?([0-9a-f]+)(?:"|&quot;)?<\/ETag>/g)].map(([, number, etag]) => ({ part: upload.parts.get(Number(number)), etag }))
    if (named.length === 0 || named.some(({ part, etag }) => part === undefined || etagOf(part) !== `"${etag}"`)) return refusal(400, 'InvalidPart')
    const parts = named.flatMap(({ part }) => part ?? [])
    if (parts.slice(0, -1).some((part) => part.length < LEAST_PART)) return refusal(400, 'EntityTooSmall')
    this.#objects.set(key, Buffer.concat(parts))
    this.#uploads.delete(id)
    return xml(`<CompleteMultipartUploadResult><Bucket>${this.#bucket}</Bucket><Key>${key}</Key><ETag>&quot;x-${parts.length}&quot;</ETag></CompleteMultipartUploadResult>`)
  }

  #listUploads(query: URLSearchParams): S3Answer {
    const prefix = query.get('prefix') ?? ''
    const found = [...this.#uploads].filter(([, { key }]) => key.startsWith(prefix))
    return xml(`<ListMultipartUploadsResult><Bucket>${this.#bucket}</Bucket><IsTruncated>false</IsTruncated>${found.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`).join('')}</ListMultipartUploadsResult>`)
  }
}

/** A refusal, as services word it. */
export function refusal(status: number, code: string): S3Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message><AWSAccessKeyId>quoted</AWSAccessKeyId></Error>`), status }
}

function xml(body: string): S3Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` }
}

function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`
}
