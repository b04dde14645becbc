import t from 'tap'
import { parsePopRequest } from '../../lib/commands/pop-request.ts'

/** Reads words as LMPOP and ZMPOP do, with an end that is any word. */
function parsed(...words: string[]) {
  return parsePopRequest(['NAME', ...words], 1, (word) => word ?? 'none')
}

t.test('keys, an end and a count', async (t) => {
  t.strictSame(parsed('2', 'a', 'b', 'END'), {
    keys: ['a', 'b'],
    portion: { end: 'END', count: 1 },
  })
  t.strictSame(parsed('1', 'a', 'END', 'count', '7'), {
    keys: ['a'],
    portion: { end: 'END', count: 7 },
  })
  t.equal(parsed('2', 'a', 'b').portion.end, 'none', 'the end is asked for even if it is missing')
})

t.test('what does not fit is refused', async (t) => {
  for (const count of ['0', '-1', 'x']) {
    t.throws(() => parsed(count, 'a', 'END'), { message: 'ERR numkeys should be greater than 0' })
    t.throws(() => parsed('1', 'a', 'END', 'COUNT', count), {
      message: 'ERR count should be greater than 0',
    })
  }
  for (const rest of [['COUNT'], ['LIMIT', '1'], ['COUNT', '1', 'COUNT', '1']]) {
    t.throws(() => parsed('1', 'a', 'END', ...rest), { message: 'ERR syntax error' })
  }
})
