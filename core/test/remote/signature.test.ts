import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { isSecret, newSecret, signatureHeaders } from '../../src/remote/signature.ts'

test('[R134] a call is signed as Standard Webhooks say: a library that is not ours takes it, and nothing that was changed', () => {
  const secret = newSecret(randomBytes)
  const body = JSON.stringify({ kind: 'call', tenant: 'saint-médard' })
  const seconds = Math.floor(Date.now() / 1_000)
  const headers = { ...signatureHeaders([secret], 'id-1', seconds, body) }
  const receiver = new Webhook(secret)
  expect(receiver.verify(body, headers)).toEqual({ kind: 'call', tenant: 'saint-médard' })
  expect(() => receiver.verify(`${body} `, headers)).toThrow(/signature/i)
  expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'id-2' })).toThrow(/signature/i)
  expect(() => receiver.verify(body, { ...headers, 'webhook-timestamp': String(seconds - 1) })).toThrow(/signature/i)
  expect(() => new Webhook(newSecret(randomBytes)).verify(body, headers)).toThrow(/signature/i)
  expect(() => receiver.verify(body, { ...signatureHeaders([secret], 'id-1', seconds - 301, body) })).toThrow(/old/i)
})

test('[R134] while a secret is replaced, the one before is signed with too', () => {
  const [before, now] = [newSecret(randomBytes), newSecret(randomBytes)]
  const headers = { ...signatureHeaders([now, before], 'id-1', Math.floor(Date.now() / 1_000), '{}') }
  for (const secret of [before, now]) expect(new Webhook(secret).verify('{}', headers)).toEqual({})
})

test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'abc', `whsec_${'A'.repeat(200)}`, 'whsec_not base64 at all, is it not, no'])('[R134] "%s" is no secret', (text) => {
  expect(isSecret(text)).toBe(false)
})
