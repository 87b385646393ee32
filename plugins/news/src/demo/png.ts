/** A small picture made by code, so that the demo needs no file of its own. */

/** A picture of at most 16 colours. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** RGB as `0xRRGGBB`, 1 to 16 of them. */
  readonly palette: readonly number[]
  /** Index into the palette of the point at column `x`, line `y`. */
  readonly at: (x: number, y: number) => number
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Longest stored block of DEFLATE (RFC 1951 section 3.2.4). */
const BLOCK = 65_535

/** The picture as PNG (ISO/IEC 15948): indexed colour, 4 bits a point, stored without compression. */
export function encodePng({ width, height, palette, at }: Picture): Uint8Array {
  const stride = Math.ceil(width / 2) + 1 // each line starts with its filter, 0
  const lines = new Uint8Array(stride * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = y * stride + 1 + (x >> 1)
      lines[place] = (lines[place] ?? 0) | (at(x, y) << (x % 2 === 0 ? 4 : 0))
    }
  }
  const header = [...uint32(width), ...uint32(height), 4, 3, 0, 0, 0]
  const colours = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff])
  return join([Uint8Array.from(SIGNATURE), chunk('IHDR', Uint8Array.from(header)), chunk('PLTE', Uint8Array.from(colours)), chunk('IDAT', zlibStored(lines)), chunk('IEND', new Uint8Array())])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(type), data])
  return join([Uint8Array.from(uint32(data.length)), body, Uint8Array.from(uint32(crc32(body)))])
}

/** A zlib stream (RFC 1950) of stored blocks. */
function zlibStored(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)]
  for (let start = 0; start < data.length || start === 0; start += BLOCK) {
    const block = data.subarray(start, start + BLOCK)
    const { length } = block
    parts.push(Uint8Array.of(start + BLOCK >= data.length ? 1 : 0, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff), block)
  }
  return join([...parts, Uint8Array.from(uint32(adler32(data)))])
}

function uint32(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

function crc32(data: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    return value
  })
  let crc = 0xffffffff
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

function adler32(data: Uint8Array): number {
  let a = 1
  let b = 0
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return ((b << 16) | a) >>> 0
}
