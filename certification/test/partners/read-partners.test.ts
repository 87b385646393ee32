import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HEARD, SAID } from '../../src/partners/partner-description.ts'
import { readPartners } from '../../src/partners/read-partners.ts'

const read = (value: unknown) => readPartners(Buffer.from(JSON.stringify(value)))
const withAnswer = (answer: unknown) => read({ partners: [{ host: 'bus.example', port: 1, answers: [answer] }] }).problems

test('[C525] the description of the bridge is read, and one that is not there describes nobody', async () => {
  const { partners, problems } = readPartners(await readFile(join(import.meta.dirname, '../../../plugins/bridge/certification/partners.json')))
  expect(problems).toEqual([])
  expect(partners.map(({ host, port }) => `${host}:${port}`)).toEqual(['bus.partenaire.example:5671'])
  expect(readPartners(undefined)).toEqual({ partners: [], problems: [] })
})

test('[C525] the example of the reference can be played, and each kind of part is named there', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/reference/partners.md'), 'utf8')
  const [, example = ''] = /```json\n([^`]+)```/.exec(page) ?? []
  expect(readPartners(Buffer.from(example))).toMatchObject({ problems: [], partners: [{ host: 'alertes.example' }] })
  expect([...Object.keys(HEARD), ...Object.keys(SAID), 'greeting', 'answers', 'to', 'say', 'make', 'times', 'close', 'little', 'plus', 'as'].filter((key) => !page.includes(`\`${key}\``) && !page.includes(`"${key}"`))).toEqual([])
})

test('[C525] what cannot be played is told with its place', () => {
  expect(readPartners(Buffer.from('{')).problems[0]).toMatch(/^it is no JSON in UTF-8: /)
  expect(readPartners(Buffer.from([0x7b, 0xff, 0x7d])).problems[0]).toMatch(/^it is no JSON in UTF-8: /)
  expect(readPartners(Buffer.alloc(65_537, ' ')).problems).toEqual(['it has 65537 bytes; 65536 are the most.'])
  expect(read({ partners: [] }).problems).toHaveLength(1)
  expect(read({ partners: [{ host: 'a b', port: 1, answers: [] }] }).problems[0]).toMatch(/^partners\[0\] \/host: /)
  expect(withAnswer({ to: [] })[0]).toMatch(/^partners\[0\]\.answers\[0\] \/to: /)
  expect(withAnswer({ to: [{ text: 'A' }], run: 'code()' })[0]).toMatch(/answers\[0\] \/run: /)
  expect(withAnswer({ to: [{ hex: '0' }] })[0]).toMatch(/answers\[0\]\.to\[0\] \/hex: /)
  expect(withAnswer({ to: [{ canary: true }] })).toEqual(['partners[0].answers[0].to[0]: it is none of text, hex, base64, any, until, sized.'])
  expect(withAnswer({ to: [{ text: 'A' }], say: [{ any: 1 }] })).toEqual(['partners[0].answers[0].say[0]: it is none of text, hex, base64, kept, sized, sizeOf, count, canary.'])
  expect(withAnswer({ to: [{ text: 'A' }], say: [{ sized: 4, of: [{ sized: 9, of: [] }] }] })[0]).toMatch(/say\[0\]\.of\[0\] \/sized: /)
  expect(withAnswer({ to: [{ text: 'A' }], say: [{ kept: 'name' }] })).toEqual(['partners[0]: nothing is kept as "name".'])
  expect(read({ partners: [1, 2].map(() => ({ host: 'bus.example', port: 1, answers: [] })) }).problems).toEqual(['partners[1]: bus.example:1 is described already.'])
  let deep: object = { hex: '00' }
  for (let depth = 0; depth < 8; depth += 1) deep = { sized: 1, of: [deep] }
  expect(withAnswer({ to: [deep] })[0]).toMatch(/parts are nested deeper than 6\.$/)
})
