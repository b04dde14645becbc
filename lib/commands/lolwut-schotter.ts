/**
 * LOLWUT 5: squares that lose their order from row to row, after Georg Nees' plotter drawing of 1968, in Braille characters
 * of 2 x 4 dots each (lolwut5.c).
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'

/** The bit of each dot of a Braille character, row by row. */
const DOTS: readonly number[] = [0, 3, 1, 4, 2, 5, 6, 7]
const DOTS_WIDE = 2
const DOTS_HIGH = 4

/** What the drawing is like. */
export interface SchotterOptions {
  /** Width in characters. */
  readonly columns: number
  readonly squaresPerRow: number
  readonly squaresPerColumn: number
}

/** The drawing, its lines apart by line feeds. UTF-8. */
export function schotter(options: SchotterOptions, random: Random): Bytes {
  const { columns, squaresPerRow, squaresPerColumn } = options
  const width = columns * DOTS_WIDE
  const padding = columns > 4 ? 2 : 0
  const side = (width - padding * 2) / squaresPerRow
  const canvas = new Canvas(width, Math.trunc(side * squaresPerColumn + padding * 2))
  for (let row = 0; row < squaresPerColumn; row++) {
    for (let column = 0; column < squaresPerRow; column++) {
      const disorder = row > 1 ? row / squaresPerColumn : 0
      const chance = (): number => (disorder === 0 ? 0 : (random.fraction() * 2 - 1) * disorder)
      const centre = (index: number): number => Math.trunc(index * side + side / 2 + padding)
      canvas.square({
        x: Math.trunc(centre(column) + (chance() * side) / 3),
        y: Math.trunc(centre(row) + (chance() * side) / 3),
        side,
        angle: chance(),
      })
    }
  }
  return canvas.text()
}

/** Dots, black or white. */
class Canvas {
  readonly #width: number
  readonly #height: number
  readonly #dots: Uint8Array

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#dots = new Uint8Array(width * height)
  }

  square(square: { x: number; y: number; side: number; angle: number }): void {
    const radius = Math.round(square.side / Math.SQRT2)
    const corners = Array.from({ length: 4 }, (_, i) => {
      const angle = Math.PI / 4 + square.angle + (i * Math.PI) / 2
      return {
        x: Math.round(Math.sin(angle) * radius + square.x),
        y: Math.round(Math.cos(angle) * radius + square.y),
      }
    })
    for (const [i, corner] of corners.entries()) {
      this.#line(corner, corners[(i + 1) % corners.length] as Point)
    }
  }

  /** Bresenham's line. */
  #line(from: Point, to: Point): void {
    const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
    const stepX = from.x < to.x ? 1 : -1
    const stepY = from.y < to.y ? 1 : -1
    let { x, y } = from
    let error = dx - dy
    for (;;) {
      this.#dot(x, y)
      if (x === to.x && y === to.y) return
      const doubled = error * 2
      if (doubled > -dy) {
        error -= dy
        x += stepX
      }
      if (doubled < dx) {
        error += dx
        y += stepY
      }
    }
  }

  #dot(x: number, y: number): void {
    if (x < 0 || x >= this.#width || y < 0 || y >= this.#height) return
    this.#dots[y * this.#width + x] = 1
  }

  text(): Bytes {
    const lines: Bytes[] = []
    for (let y = 0; y < this.#height; y += DOTS_HIGH) {
      let line = ''
      for (let x = 0; x < this.#width; x += DOTS_WIDE) line += this.#character(x, y)
      lines.push(line)
    }
    return lines.join('\n')
  }

  #character(left: number, top: number): Bytes {
    let bits = 0
    for (const [i, bit] of DOTS.entries()) {
      const [x, y] = [left + (i % DOTS_WIDE), top + Math.trunc(i / DOTS_WIDE)]
      if (y < this.#height) bits |= (this.#dots[y * this.#width + x] ?? 0) << bit
    }
    // U+2800 and the bits, in UTF-8.
    return String.fromCharCode(0xe2, 0xa0 | (bits >> 6), 0x80 | (bits & 63))
  }
}

interface Point {
  readonly x: number
  readonly y: number
}
