import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { drawLandscape } from '../src/demo/landscape.ts'
import { writePdf } from '../src/demo/pdf.ts'
import { encodePng } from '../src/demo/png.ts'

/** Length and content of each chunk, their check sums left to the PNG reader of the platform. */
function chunksOf(png: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset)
  const chunks = new Map<string, Uint8Array>()
  for (let place = 8; place < png.length;) {
    const length = view.getUint32(place)
    chunks.set(new TextDecoder().decode(png.subarray(place + 4, place + 8)), png.subarray(place + 8, place + 8 + length))
    place += length + 12
  }
  return chunks
}

test('a picture is a PNG of its points', () => {
  const png = encodePng({ width: 3, height: 2, palette: [0xff0000, 0x00ff00], at: (x, y) => (x + y) % 2 })
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const chunks = chunksOf(png)
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND'])
  // inflate checks the Adler-32 of the stream.
  expect([...inflateSync(chunks.get('IDAT') ?? new Uint8Array())]).toEqual([0, 0x01, 0x00, 0, 0x10, 0x10])
  expect([...png.subarray(-4)]).toEqual([0xae, 0x42, 0x60, 0x82])
})

test('a landscape fills more than one stored block and is the same for the same chance', () => {
  const random = () => 0.5
  const png = drawLandscape(1, random)
  expect(inflateSync(chunksOf(png).get('IDAT') ?? new Uint8Array()).length).toBe(270 * 241)
  expect(drawLandscape(1, random)).toEqual(png)
  expect(drawLandscape(2, random)).not.toEqual(png)
})

test('a document is a PDF whose table of references leads to its objects', () => {
  const text = Buffer.from(writePdf('Mairie (d’été) \\', ['Œuvres – 10 €', '日'])).toString('latin1')
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  expect(text.slice(start, start + 4)).toBe('xref')
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset))
  expect(offsets.map((offset, index) => text.slice(offset).startsWith(`${index + 1} 0 obj\n`))).toEqual(offsets.map(() => true))
  const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(text) ?? []
  expect(stream?.length).toBe(Number(length))
  expect(text).toContain('(Mairie \\(d\u0092\u00e9t\u00e9\\) \\\\) Tj')
  expect(text).toContain('(\u008cuvres \u0096 10 \u0080) Tj')
})
