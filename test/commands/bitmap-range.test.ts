import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('bits are counted and found, in bytes and in bits', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET s "\\xff\\xf0\\x00\\x01"', '+OK|'],
    ['BITCOUNT s', ':13|'],
    ['BITCOUNT s 1 -1', ':5|'],
    ['BITCOUNT s 5 30 BIT', ':7|'],
    ['BITPOS s 0', ':12|'],
    ['BITPOS s 1 2', ':31|'],
    ['BITPOS s 1 2 2', ':-1|'],
    ['SET full "\\xff"', '+OK|'],
    ['BITPOS full 0', ':8|'],
    ['BITPOS full 0 0 -1', ':-1|'],
    ['BITPOS none 0', ':0|'],
    ['BITPOS none 1', ':-1|'],
    ['BITCOUNT s 0', '-ERR syntax error|'],
    ['BITPOS s 2', '-ERR The bit argument must be 1 or 0.|'],
  ])
})

t.test('from 7.2 on a bad range is one whatever the key holds', async (t) => {
  for (const [version, none] of [
    ['7.0', ':0|'],
    ['7.2', undefined],
  ] as const) {
    expectReplies(t, new CommandRunner({ version }), [
      ['BITCOUNT none 1', none ?? '-ERR syntax error|'],
      ['BITCOUNT none x 1', none ?? '-ERR value is not an integer or out of range|'],
      ['BITCOUNT none 0 1 FOO', none ?? '-ERR syntax error|'],
      ['BITPOS none 0 x', none ?? '-ERR value is not an integer or out of range|'],
      ['BITPOS none 0 0 1 FOO', none ?? '-ERR syntax error|'],
      ['BITCOUNT none 0 1 BIT', ':0|'],
      ['BITPOS none 0 0 1 BIT', ':0|'],
    ])
  }
})
