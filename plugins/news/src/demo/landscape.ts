import { encodePng } from './png.ts'

const WIDTH = 480
const HEIGHT = 270

/** Sky, sun and hills from far to near. */
const PALETTES = [
  [0xdcecf7, 0xc3def1, 0xfff1c9, 0x9fbfd6, 0x6f9cb8, 0x44758f, 0x23506a],
  [0xfdeedd, 0xfbdcc0, 0xfff8e6, 0xe7b48f, 0xc98a6a, 0x9a5f4c, 0x6d3d36],
  [0xe8f3e6, 0xd2e8cd, 0xfdf6d0, 0xa8cca0, 0x7bab77, 0x4f8557, 0x2d5f3f],
  [0xeae7f4, 0xd6d0ea, 0xfdf0dd, 0xb3a9d2, 0x8a7db5, 0x635690, 0x413768],
] as const

/** How many different landscapes there are to choose from. */
export const LANDSCAPES = PALETTES.length

/** An abstract landscape: a sun over four lines of hills. @param random - from 0 to 1 */
export function drawLandscape(palette: number, random: () => number): Uint8Array {
  const sun = { x: WIDTH * (0.2 + 0.6 * random()), y: HEIGHT * (0.2 + 0.15 * random()), radius: 22 + 14 * random() }
  const hills = Array.from({ length: 4 }, (_, index) => {
    const base = HEIGHT * (0.5 + 0.13 * index)
    const [first, second, wide, narrow] = [random() * 6.28, random() * 6.28, 60 + 50 * random(), 25 + 20 * random()]
    return Int16Array.from({ length: WIDTH }, (_column, x) => base + 16 * Math.sin(x / wide + first) + 6 * Math.sin(x / narrow + second))
  })
  const [hill0, hill1, hill2, hill3] = hills
  return encodePng({
    width: WIDTH, height: HEIGHT, palette: PALETTES[palette % PALETTES.length] ?? PALETTES[0],
    at: (x, y) => {
      if (y >= (hill3?.[x] ?? HEIGHT)) return 6
      if (y >= (hill2?.[x] ?? HEIGHT)) return 5
      if (y >= (hill1?.[x] ?? HEIGHT)) return 4
      if (y >= (hill0?.[x] ?? HEIGHT)) return 3
      if ((x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.radius ** 2) return 2
      return y < HEIGHT * 0.3 ? 1 : 0
    },
  })
}
