import { Webhook } from 'standardwebhooks'

/** How events are written: the platform's webhook payload, or a CloudEvent in one of its three HTTP modes. */
export const FORMATS = ['standard', 'structured', 'binary', 'batch'] as const
/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number]

/** Days for which a replaced key goes on signing beside the new one. */
export const OLD_SECRET_DAYS = 7

/** Whether an event is wanted. @param wanted - ids of contracts, or beginnings that end in `*` */
export function wants(wanted: readonly string[], type: string): boolean {
  return wanted.some((one) => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : one === type))
}

/** What is wrong with contracts that somebody names: those of none that is known. */
export function unknownTypes(wanted: readonly string[], known: readonly string[]): readonly string[] {
  return wanted.filter((one) => (one.endsWith('*') ? !known.some((id) => id.startsWith(one.slice(0, -1))) : !known.includes(one)))
}

/** Whether an address may be sent to at all. Where it leads is looked at each time something is sent. */
export function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === ''
}

/** A signing key as Standard Webhooks writes it. @param bytes - 24 to 64 of them */
export function secretOf(bytes: Uint8Array): string {
  return `whsec_${Buffer.from(bytes).toString('base64')}`
}

/** Who a message is: its id is the same at each try. */
export interface SignedMessage {
  readonly id: string
  readonly at: Date
  readonly body: string
}

/** Headers of Standard Webhooks: one signature for each key, the newest first. */
export function signatureHeaders(secrets: readonly string[], { id, at, body }: SignedMessage): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}
