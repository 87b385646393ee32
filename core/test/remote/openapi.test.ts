import { validate } from '@readme/openapi-parser'
import { expect, test } from 'vitest'
import { remoteOpenApi } from '../../src/remote/openapi.ts'

test('[R135] the protocol of applications is an OpenAPI 3.1 document, made of the schemas that the kernel checks by; the one in docs/ is that one', async () => {
  const document = remoteOpenApi()
  // It is resolved in place; a copy is looked at.
  expect(await validate(structuredClone(document) as unknown as Parameters<typeof validate>[0])).toMatchObject({ valid: true })
  const text = `${JSON.stringify(document, null, 2)}\n`
  expect(text).not.toContain('Uint8Array')
  expect(text).not.toMatch(/"\$ref": "T\d+"/)
  // After a change: vitest run core/test/remote/openapi.test.ts --update
  await expect(text).toMatchFileSnapshot('../../../docs/reference/remote-protocol.json')
})
