import t from 'tap'
import { openLibrary } from '../../lib/scripting/library.ts'
import { Format } from '../../lib/scripting/struct-format.ts'
import { evaluatorWith } from '../support/lua-expression.ts'

/** `letters(format)`: letter, size and padding of each value. */
const evaluate = evaluatorWith((lua) =>
  openLibrary(lua, 'format', {
    letters: (lua) => {
      const format = new Format(lua)
      const seen: string[] = []
      let offset = 0
      for (;;) {
        const option = format.next(offset)
        if (option === undefined) break
        const { letter, size, padding } = option
        if (size === 0 && letter !== 's' && letter !== 'c') format.control(letter)
        else seen.push(`${letter}${size}+${padding}${format.bigEndian ? '>' : ''}`)
        offset += size + padding
      }
      lua.pushBytes(seen.join(' '))
      return 1
    },
  }),
)

t.test('letters, their sizes and what is skipped before them', async (t) => {
  const table: [format: string, expected: string][] = [
    ['bBhHiIlLTfdxsc', 'b1+0 B1+0 h2+0 H2+0 i4+0 I4+0 l8+0 L8+0 T8+0 f4+0 d8+0 x1+0 s0+0 c1+0'],
    ['i3 I16 c12 c0', 'i3+0 I16+0 c12+0 c0+0'],
    ['!b h b i b d', 'b1+0 h2+1 b1+0 i4+3 b1+0 d8+3'],
    ['!2b i b d', 'b1+0 i4+1 b1+0 d8+1'],
    ['!4b c4 i', 'b1+0 c4+0 i4+3'],
    ['h>h<h', 'h2+0 h2+0> h2+0'],
    ['b\\0i', 'b1+0'],
    ['', ''],
  ]
  for (const [format, expected] of table) {
    t.equal(evaluate(`format.letters('${format}')`), `"${expected}"`, format)
  }
})

t.test('what no format is', async (t) => {
  const table: [format: string, error: string][] = [
    ['y', "bad argument #1 to 'letters' (invalid format option 'y')"],
    ['=', "bad argument #1 to 'letters' (invalid format option '=')"],
    ['!3', 'alignment 3 is not a power of 2'],
    ['i33', 'integral size 33 is larger than limit of 32'],
    ['c2147483648', 'integral size overflow'],
  ]
  for (const [format, error] of table) {
    t.equal(evaluate(`format.letters('${format}')`), `error: script:1: ${error}`, format)
  }
  t.equal(evaluate("format.letters('c2147483647')"), '"c2147483647+0"')
})
