import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'
const notInteger = '-ERR value is not an integer or out of range|'

t.test('elements are added at both ends and read', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['RPUSH l a b', ':2|'],
    ['LPUSH l x y', ':4|'],
    ['LRANGE l 0 -1', '*4|$1|y|$1|x|$1|a|$1|b|'],
    ['LPUSHX l z', ':5|'],
    ['RPUSHX l c d', ':7|'],
    ['LPUSHX none z', ':0|'],
    ['RPUSHX none z', ':0|'],
    ['EXISTS none', ':0|'],
    ['LLEN l', ':7|'],
    ['LLEN none', ':0|'],
    ['LINDEX l 0', '$1|z|'],
    ['LINDEX l -1', '$1|d|'],
    ['LINDEX l 7', '$-1|'],
    ['LINDEX none 0', '$-1|'],
    ['LINDEX none x', '$-1|'],
    ['LINDEX l x', notInteger],
    ['LRANGE l 1 2', '*2|$1|y|$1|x|'],
    ['LRANGE l 5 100', '*2|$1|c|$1|d|'],
    ['LRANGE l -100 0', '*1|$1|z|'],
    ['LRANGE l 3 2', '*0|'],
    ['LRANGE l 7 9', '*0|'],
    ['LRANGE none 0 -1', '*0|'],
    ['LRANGE none x 1', notInteger],
    ['OBJECT ENCODING l', '$9|quicklist|'],
    ['TYPE l', '+list|'],
  ])
})

t.test('elements are replaced, inserted and removed', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['RPUSH l a b a c a', ':5|'],
    ['LSET l 1 B', '+OK|'],
    ['LSET l -1 last', '+OK|'],
    ['LSET l 5 x', '-ERR index out of range|'],
    ['LSET none 0 x', '-ERR no such key|'],
    ['LSET none x x', '-ERR no such key|'],
    ['LSET l x x', notInteger],
    ['LINSERT l before B new', ':6|'],
    ['LINSERT l AFTER none new', ':-1|'],
    ['LINSERT none AFTER a new', ':0|'],
    ['LINSERT l beside a new', '-ERR syntax error|'],
    ['LRANGE l 0 -1', '*6|$1|a|$3|new|$1|B|$1|a|$1|c|$4|last|'],
    ['LREM l -1 a', ':1|'],
    ['LREM l 0 none', ':0|'],
    ['LREM none 0 a', ':0|'],
    ['LREM none x a', notInteger],
    ['LRANGE l 0 -1', '*5|$1|a|$3|new|$1|B|$1|c|$4|last|'],
    ['LTRIM l 1 -2', '+OK|'],
    ['LRANGE l 0 -1', '*3|$3|new|$1|B|$1|c|'],
    ['LTRIM l 2 1', '+OK|'],
    ['EXISTS l', ':0|'],
    ['LTRIM none 0 1', '+OK|'],
    ['LTRIM none 0 x', notInteger],
  ])
})

t.test('a key of another type is refused', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET s text')
  for (const line of [
    'LPUSH s a',
    'RPUSHX s a',
    'LLEN s',
    'LINDEX s 0',
    'LSET s 0 a',
    'LRANGE s 0 1',
    'LTRIM s 0 1',
    'LREM s 0 a',
    'LINSERT s BEFORE a b',
  ]) {
    t.equal(runner.run(line).replaceAll('\r\n', '|'), wrong, line)
  }
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  const effect = (line: string) => runner.effectOf(line)
  t.same(effect('RPUSH l a b'), [['n new l', 'l rpush l'], 2, ['RPUSH l a b']])
  t.same(effect('LPUSHX l c'), [['l lpush l'], 1, ['LPUSHX l c']])
  t.same(effect('LSET l 0 d'), [['l lset l'], 1, ['LSET l 0 d']])
  t.same(effect('LINSERT l BEFORE d e'), [['l linsert l'], 1, ['LINSERT l BEFORE d e']])
  t.same(effect('LINSERT l BEFORE none e'), [[], 0, []])
  t.same(effect('LTRIM l 0 -1'), [['l ltrim l'], 0, []])
  t.same(effect('LTRIM l 1 2'), [['l ltrim l'], 2, ['LTRIM l 1 2']])
  t.same(effect('LREM l 0 none'), [[], 0, []])
  runner.run('RPUSH l a a')
  t.same(effect('LREM l 2 a'), [['l lrem l'], 2, ['LREM l 2 a']])
  t.same(effect('LTRIM l 5 6'), [['l ltrim l', 'g del l'], 2, ['LTRIM l 5 6']])
  runner.run('RPUSH l a')
  t.same(effect('LREM l 0 a'), [['l lrem l', 'g del l'], 1, ['LREM l 0 a']])
})
