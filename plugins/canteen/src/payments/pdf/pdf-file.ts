/** The outer form of a PDF (ISO 32000-1, 7.5): objects, streams, and where each of them lies. */
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** An object by its number, as it stands in others: `7 0 R`. */
export type PdfRef = `${number} 0 R`

/** As many objects go into one stream. */
const AT_ONCE = 200

/** A number with at most three decimals, without an exponent. */
export function pdfNumber(value: number): string {
  return String(Math.round(value * 1_000) / 1_000)
}

/** A text that people read, whatever is in it. */
export function pdfText(text: string): string {
  return `<${Buffer.from(`\uFEFF${text}`, 'utf16le').swap16().toString('hex')}>`
}

/** A dictionary; what is `undefined` is left out. Keys are names, values stand as they are given. */
export function pdfDictionary(entries: Readonly<Record<string, string | undefined>>): string {
  return `<<${Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [`/${key} ${value}`])).join('')}>>`
}

/** Objects that become a file. The same objects make the same bytes. */
export class PdfFile {
  /** By number less one. */
  readonly #objects: (string | Buffer | undefined)[] = []

  /** A number for an object that others name before it is written. */
  reserve(): PdfRef {
    return `${this.#objects.push(undefined)} 0 R`
  }

  /** Writes an object whose number was reserved. */
  write(ref: PdfRef, body: string): void {
    this.#objects[numberOf(ref) - 1] = body
  }

  /** Writes an object. */
  add(body: string): PdfRef {
    const ref = this.reserve()
    this.write(ref, body)
    return ref
  }

  /** Writes bytes; `plain` for those that a reader has to find without unpacking. */
  stream(data: Uint8Array, entries: Readonly<Record<string, string>> = {}, { plain = false }: { readonly plain?: boolean } = {}): PdfRef {
    this.#objects.push(streamOf(data, entries, plain))
    return `${this.#objects.length} 0 R`
  }

  /**
   * The file.
   * @param catalog - its root, which stands as it is, so that language and marks are found by the simplest reader
   */
  bytes(catalog: PdfRef, info: PdfRef): Uint8Array<ArrayBuffer> {
    const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')]
    let length = parts[0]?.length ?? 0
    const places: (readonly [type: number, place: number, index: number])[] = [[0, 0, 0xffff]]
    const put = (number: number, body: Buffer): void => {
      const whole = Buffer.concat([Buffer.from(`${number} 0 obj\n`), body, Buffer.from('\nendobj\n')])
      places[number] = [1, length, 0]
      length += whole.length
      parts.push(whole)
    }
    const packed: number[] = []
    for (const [index, body] of this.#objects.entries()) {
      const number = index + 1
      if (body === undefined) throw new TypeError(`Object ${number} of a PDF was named and never written.`)
      if (typeof body !== 'string') put(number, body)
      else if (number === numberOf(catalog)) put(number, Buffer.from(body))
      else packed.push(number)
    }
    let next = this.#objects.length + 1
    for (let from = 0; from < packed.length; from += AT_ONCE) {
      const numbers = packed.slice(from, from + AT_ONCE)
      numbers.forEach((number, index) => { places[number] = [2, next, index] })
      put(next++, this.#together(numbers))
    }
    const start = length
    places[next] = [1, start, 0]
    const id = `<${createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 32)}>`
    put(next, streamOf(tableOf(places), { Type: '/XRef', Size: String(next + 1), W: '[1 4 2]', Root: catalog, Info: info, ID: `[${id}${id}]` }, false))
    return new Uint8Array(Buffer.concat([...parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)]))
  }

  /** An object stream (7.5.7): small objects that are packed together. */
  #together(numbers: readonly number[]): Buffer {
    const bodies = numbers.map((number) => this.#objects[number - 1] as string)
    let at = 0
    const head = numbers.map((number, index) => {
      const entry = `${number} ${at}`
      at += Buffer.byteLength(bodies[index] ?? '') + 1
      return entry
    }).join(' ')
    return streamOf(Buffer.from(`${head}\n${bodies.join('\n')}`), { Type: '/ObjStm', N: String(numbers.length), First: String(head.length + 1) }, false)
  }
}

function numberOf(ref: PdfRef): number {
  return Number.parseInt(ref, 10)
}

function streamOf(data: Uint8Array, entries: Readonly<Record<string, string>>, plain: boolean): Buffer {
  const content = plain ? data : deflateSync(data)
  const head = pdfDictionary({ ...entries, Filter: plain ? undefined : '/FlateDecode', Length: String(content.length) })
  return Buffer.concat([Buffer.from(`${head}\nstream\n`), content, Buffer.from('\nendstream')])
}

/** Where each object lies, seven bytes each. */
function tableOf(places: readonly (readonly [number, number, number])[]): Buffer {
  const table = Buffer.alloc(places.length * 7)
  places.forEach(([type, place, index], number) => {
    table.writeUInt8(type, number * 7)
    table.writeUInt32BE(place, number * 7 + 1)
    table.writeUInt16BE(index, number * 7 + 5)
  })
  return table
}
