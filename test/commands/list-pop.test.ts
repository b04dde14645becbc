import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

t.test('LPOP and RPOP', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    ['RPUSH l a b c d e f', ':6|'],
    ['LPOP l', '$1|a|'],
    ['RPOP l', '$1|f|'],
    ['LPOP l 2', '*2|$1|b|$1|c|'],
    ['RPOP l 9', '*2|$1|e|$1|d|'],
    ['EXISTS l', ':0|'],
    ['LPOP l', '$-1|'],
    ['LPOP l 1', '*-1|'],
    ['LPOP l 0', '*-1|'],
    ['RPUSH l a', ':1|'],
    ['LPOP l 0', '*0|'],
    ['LPOP l -1', '-ERR value is out of range, must be positive|'],
    ['LPOP l x', '-ERR value is out of range, must be positive|'],
    ['LPOP l 1 2', "-ERR wrong number of arguments for 'lpop' command|"],
    ['SET s text', '+OK|'],
    ['LPOP s', wrong],
    ['RPOP s 1', wrong],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['LPOP none', '_|'],
    ['LPOP none 1', '_|'],
  ])
})

t.test('LMPOP takes from the first list that is there', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['RPUSH l a b c', ':3|'],
    ['LMPOP 2 none l LEFT', '*2|$1|l|*1|$1|a|'],
    ['LMPOP 2 none l right COUNT 5', '*2|$1|l|*2|$1|c|$1|b|'],
    ['LMPOP 2 none l LEFT', '*-1|'],
    ['LMPOP 0 l LEFT', '-ERR numkeys should be greater than 0|'],
    ['LMPOP x l LEFT', '-ERR numkeys should be greater than 0|'],
    ['LMPOP 2 l LEFT', '-ERR syntax error|'],
    ['LMPOP 1 l MIDDLE', '-ERR syntax error|'],
    ['LMPOP 1 l LEFT COUNT', '-ERR syntax error|'],
    ['LMPOP 1 l LEFT COUNT 0', '-ERR count should be greater than 0|'],
    ['LMPOP 1 l LEFT COUNT 1 COUNT 1', '-ERR syntax error|'],
    ['LMPOP 1 l LEFT LIMIT 1', '-ERR syntax error|'],
    ['SET s text', '+OK|'],
    ['LMPOP 2 s none LEFT', wrong],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  const effect = (line: string) => runner.effectOf(line)
  runner.run('RPUSH l a b c d e f')
  t.same(effect('LPOP l'), [['l lpop l'], 1, ['LPOP l']])
  t.same(effect('RPOP l 2'), [['l rpop l'], 2, ['RPOP l 2']])
  t.same(effect('LPOP l 0'), [[], 0, []])
  t.same(effect('LMPOP 1 l RIGHT'), [['l rpop l'], 1, ['RPOP l 1']])
  t.same(effect('LMPOP 1 l LEFT COUNT 9'), [['l lpop l', 'g del l'], 2, ['LPOP l 2']])
  t.same(effect('LMPOP 1 l LEFT COUNT 9'), [[], 0, []])
})
