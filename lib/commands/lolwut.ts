/**
 * LOLWUT: a picture made by the server, and its version (lolwut.c). Which picture depends on the version asked for; most
 * have none.
 */
import type { Bytes } from '../base/bytes.ts'
import { integer } from './argument.ts'
import { command } from './command.ts'
import type { Context } from './context.ts'
import { schotter } from './lolwut-schotter.ts'
import { skyline } from './lolwut-skyline.ts'
import { numberArgument } from './number-argument.ts'

export const lolwut = command({
  name: 'LOLWUT',
  since: '5.0.0',
  group: 'server',
  summary: 'Draws a picture and tells the version.',
  complexity: '',
  flags: ['readonly', 'fast'],
  args: [integer('version', { token: 'VERSION', optional: true })],
  run(context, argv) {
    const [, word = '', given] = argv
    const isChosen = given !== undefined && word.toLowerCase() === 'version'
    const version = isChosen ? numberArgument(given) : undefined
    const picture = version === undefined ? '' : draw(context, version, argv.slice(3))
    context.reply.verbatim('txt', `${picture}Redis ver. ${context.server.version.text}\n`)
  },
})

function draw({ random }: Context, version: number, words: readonly Bytes[]): Bytes {
  const numbers = words.slice(0, 3).map((word) => numberArgument(word))
  if (version === 5) {
    const picture = schotter(
      {
        columns: within(numbers[0] ?? 66, 1000),
        squaresPerRow: within(numbers[1] ?? 8, 200),
        squaresPerColumn: within(numbers[2] ?? 12, 200),
      },
      random,
    )
    return `${picture}\n\nGeorg Nees - schotter, plotter on paper, 1968. `
  }
  if (version === 6) {
    const [columns = 80, rows = 20] = numbers
    const picture = skyline(within(columns, 1000), within(rows, 1000), random)
    return `${picture}\nDedicated to the 8 bit game developers of past and present.\nOriginal 8 bit image from Plaguemon by hikikomori. `
  }
  return ''
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 1), most)
}
