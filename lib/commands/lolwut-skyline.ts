/**
 * LOLWUT 6: houses by night in four shades of grey, the nearer the darker, some of their windows lit (lolwut6.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'

/** How a terminal shows each shade, black first. */
const SHADES: readonly string[] = ['0;30;40m', '0;90;100m', '0;37;47m', '0;97;107m']
const SKY = 3
/** Rows of houses, the farthest first: their shade, how high they are at most, and the shade of their windows. */
const ROWS = [
  { shade: 2, heightPart: 0.75, windows: undefined },
  { shade: 1, heightPart: 0.6, windows: undefined },
  { shade: 0, heightPart: 0.4, windows: [1, 2] },
] as const

/** The picture, its lines apart by line feeds. */
export function skyline(columns: number, rows: number, random: Random): Bytes {
  const picture = Array.from({ length: rows }, () => new Uint8Array(columns).fill(SKY))
  for (const { shade, heightPart, windows } of ROWS) {
    for (let left = -random.below(5); left < columns; ) {
      const width = 5 + random.below(10)
      const height = Math.ceil((rows * heightPart * (1 + random.fraction())) / 2)
      build(picture, { left, width, height, shade, windows }, random)
      left += width + random.below(5)
    }
  }
  return picture.map((line) => [...line].map(pixel).join('')).join('\n')
}

interface House {
  readonly left: number
  readonly width: number
  readonly height: number
  readonly shade: number
  /** Shades of a window, or none. */
  readonly windows: readonly number[] | undefined
}

function build(picture: readonly Uint8Array[], house: House, random: Random): void {
  const { left, width, height, shade, windows } = house
  for (let y = 0; y < height; y++) {
    const line = picture[picture.length - 1 - y]
    for (let x = 0; x < width; x++) {
      const isWindow = windows !== undefined && x % 2 === 1 && y % 2 === 1 && x < width - 1
      const lit = isWindow && y < height - 1 ? windows[random.below(4)] : undefined
      // What lies outside the picture is not kept.
      if (line !== undefined) line[left + x] = lit ?? shade
    }
  }
}

function pixel(shade: number): Bytes {
  return `\x1b[${SHADES[shade]} \x1b[0m`
}
