import { PlatformError } from '../../../errors.ts'

/** Where a bucket is and how to open it. */
export interface S3Address {
  readonly bucket: string
  /** Keys begin with it: empty, or ending with a slash. */
  readonly prefix: string
  /** Without the bucket and without a slash at the end. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

type Environment = Readonly<Record<string, string | undefined>>

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/
const REGION = /^[a-z0-9][a-z0-9-]{0,40}$/
const LONGEST_PREFIX = 200

/**
 * Reads where files lie: `undefined` for the data folder. What is wrong is said without secrets.
 * @param text - `s3://bucket` or `s3://bucket/prefix`
 * @param variable - what to call it when it is wrong
 * @throws PlatformError `CONFIG_INVALID`
 */
export function readS3Address(text: string | undefined, env: Environment, variable = 'LIBERACCES_FILES'): S3Address | undefined {
  if (text === undefined || text === '') return undefined
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/?(.*?)\/?$/.exec(text) ?? []
  if (!text.startsWith('s3://') || text.includes('@') || text.includes('?')) throw wrong(variable, 'it is no address of a bucket', 'give s3://bucket or s3://bucket/prefix; keys and endpoint come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL')
  if (!BUCKET.test(bucket) || bucket.includes('..')) throw wrong(variable, `"${bucket}" is no name of a bucket`, 'give 3 to 63 of a-z, 0-9, "-" and "."')
  if (prefix !== '' && (!PREFIX.test(prefix) || prefix.length > LONGEST_PREFIX)) throw wrong(variable, `"${prefix}" is no prefix`, `give up to ${LONGEST_PREFIX} of A-Z, a-z, 0-9, ".", "_" and "-" with single slashes between, none of them beginning with anything but a letter or digit`)
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION']
  const endpoint = endpointOf(env, region)
  if (region !== undefined && !REGION.test(region)) throw wrong('AWS_REGION', `"${region}" is no region`, 'give one such as eu-west-3 or gra')
  if (env['AWS_SESSION_TOKEN']) throw wrong('AWS_SESSION_TOKEN', 'temporary credentials are not supported: they would run out while the platform works', 'leave it empty and give the keys of a user made for the platform')
  return {
    bucket, endpoint, prefix: prefix === '' ? '' : `${prefix}/`,
    region: region ?? 'us-east-1',
    accessKeyId: required(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY'),
  }
}

/** For people: no secret is in it. */
export function showS3Address({ bucket, prefix }: Pick<S3Address, 'bucket' | 'prefix'>): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
}

function endpointOf(env: Environment, region: string | undefined): string {
  const variable = env['AWS_ENDPOINT_URL_S3'] ? 'AWS_ENDPOINT_URL_S3' : 'AWS_ENDPOINT_URL'
  const text = env[variable]
  if (!text) {
    if (region === undefined) throw wrong('AWS_REGION', 'it is missing beside LIBERACCES_FILES', 'give the region of the bucket, such as eu-west-3; for a service other than AWS also AWS_ENDPOINT_URL')
    return `https://s3.${region}.amazonaws.com`
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrong(variable, 'it is no address of an S3 service', 'give one such as https://s3.gra.io.cloud.ovh.net, without keys and without the bucket')
  }
  return url.href.replace(/\/+$/, '')
}

function required(env: Environment, variable: string): string {
  const text = env[variable]
  if (!text) throw wrong(variable, 'it is missing beside LIBERACCES_FILES', 'give the key of a user that may list the bucket and read, write and delete what is in it')
  // Anything else would end up in a header.
  if (!/^[\x21-\x7e]{1,256}$/.test(text)) throw wrong(variable, 'it holds characters that no key has', 'give the key as the service shows it')
  return text
}

function wrong(variable: string, what: string, right: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', `${variable}: ${what}.`, { fix: `${right[0]?.toUpperCase()}${right.slice(1)}.` })
}
