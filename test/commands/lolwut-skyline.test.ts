import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { skyline } from '../../lib/commands/lolwut-skyline.ts'

t.test('a picture of so many shaded blanks', async (t) => {
  for (const seed of [1, 2, 3]) {
    const lines = skyline(80, 20, new Random(seed)).replaceAll('\x1b', '!').split('\n')
    t.equal(lines.length, 20)
    for (const line of lines) {
      t.match(line, /^(!\[0;(30;40|90;100|37;47|97;107)m !\[0m){80}$/)
    }
    t.match(lines[0], /^(!\[0;97;107m !\[0m){80}$/, 'the sky')
    t.match(lines[19], /0;30;40m/, 'a house')
  }
})
